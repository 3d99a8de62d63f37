import { checkExpiry, checkTokenName } from '../access-tokens/access-token.ts';
import { createApiToken } from '../access-tokens/create-access-token.ts';
import { systemClock } from '../clock.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { addTokenListCommand, addTokenRevokeCommand, apiTokens } from './access-token-commands.ts';
import {
  configOf,
  getMember,
  getOrganization,
  print,
  withOptions,
  withStore,
} from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';

export function addApiTokenCommands(program: RollcallCommand): void {
  const group = program
    .command('api-token')
    .description('Manage the credentials of members for the REST API.');
  addCreateCommand(group);
  addTokenListCommand(group, apiTokens);
  addTokenRevokeCommand(group, apiTokens);
}

function addCreateCommand(group: RollcallCommand): void {
  const command = group
    .command('create')
    .description('Create an API token and show its secret, only this once.')
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .requiredOption('--member <EMAIL>', 'The member it belongs to.')
    .requiredOption('--name <NAME>', 'Its purpose, in 4 to 64 characters.')
    .option('--expires-at <TIME>', 'Expiration time, such as 2027-06-30T21:00Z; none by default.')
    .option('--json', 'Print it as JSON.');
  type Flags = { organization: string; member: string; name: string; expiresAt?: string };
  withOptions(command, 'dataDir').action(async (flags: Flags) => {
    const name = checkTokenName(flags.name);
    const expiresAt =
      flags.expiresAt === undefined ? null : checkExpiry(flags.expiresAt, systemClock);
    const made = await withStore(command, configOf(command), (database) =>
      database.transaction(async (store) => {
        const organization = await getOrganization(command, store, flags.organization);
        const member = await getMember(command, store, organization, flags.member);
        const { token, secret, createdAt } = await createApiToken(
          store,
          organization.id,
          { name, memberSlot: member.slot, expiresAt },
          { clock: systemClock, identifiers: randomIdentifiers },
        );
        return {
          token,
          secret,
          name,
          member: member.email,
          created_at: createdAt,
          expires_at: expiresAt,
        };
      }),
    );
    print(
      command,
      made,
      () =>
        `Created an API token of ${made.member}. Use it for HTTP Basic authorization:\n` +
        `  user name  ${made.token}\n` +
        `  password   ${made.secret}\n` +
        'The password is the secret. It is shown only this once: store it where only its user can read it.',
    );
  });
}
