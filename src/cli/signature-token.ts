import { bearerOf, checkExpiry, checkTokenName } from '../access-tokens/access-token.ts';
import { createSignatureToken } from '../access-tokens/create-access-token.ts';
import { systemClock } from '../clock.ts';
import { randomIdentifiers } from '../identifiers.ts';
import {
  addTokenListCommand,
  addTokenRevokeCommand,
  signatureTokens,
} from './access-token-commands.ts';
import {
  configOf,
  getMember,
  getOrganization,
  print,
  withOptions,
  withStore,
} from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { serverUrl } from './server-url.ts';

export function addSignatureTokenCommands(program: RollcallCommand): void {
  const group = program
    .command('signature-token')
    .description('Manage the credentials of an organization or a member for the Discovery API.');
  addCreateCommand(group);
  addTokenListCommand(group, signatureTokens);
  addTokenRevokeCommand(group, signatureTokens);
}

function addCreateCommand(group: RollcallCommand): void {
  const command = group
    .command('create')
    .description('Create a signature token and show its key and secret, only this once.')
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .requiredOption('--name <NAME>', 'Its purpose, in 4 to 64 characters.')
    .option(
      '--member <EMAIL>',
      'The member it belongs to, and with whom it is revoked; the organization by default.',
    )
    .option('--expires-at <TIME>', 'Expiration time, such as 2027-06-30T21:00Z; none by default.')
    .option('--json', 'Print it as JSON.');
  type Flags = { organization: string; name: string; member?: string; expiresAt?: string };
  withOptions(command, 'dataDir').action(async (flags: Flags) => {
    const config = configOf(command);
    const name = checkTokenName(flags.name);
    const expiresAt =
      flags.expiresAt === undefined ? null : checkExpiry(flags.expiresAt, systemClock);
    const made = await withStore(command, config, (database) =>
      database.transaction(async (store) => {
        const organization = await getOrganization(command, store, flags.organization);
        const member =
          flags.member === undefined
            ? undefined
            : await getMember(command, store, organization, flags.member);
        const credential = await createSignatureToken(
          store,
          organization.id,
          { name, memberSlot: member?.slot ?? null, expiresAt },
          { clock: systemClock, identifiers: randomIdentifiers },
        );
        return {
          token: credential.token,
          access_key: credential.accessKey,
          access_secret: credential.accessSecret,
          bearer: bearerOf(credential),
          name,
          member: member?.email ?? null,
          created_at: credential.createdAt,
          expires_at: expiresAt,
        };
      }),
    );
    print(
      command,
      made,
      () =>
        `Created a signature token of ${made.member ?? flags.organization}:\n` +
        `  token          ${made.token}\n` +
        `  access key     ${made.access_key}\n` +
        `  access secret  ${made.access_secret}\n` +
        'Key and secret are shown only this once: store them where only their user can read them.\n' +
        'The Authorization header contains all three. If a server is running, list the reports with:\n' +
        `  curl -H 'Authorization: ${made.bearer}' ${serverUrl(config)}/batch/${flags.organization}/reports`,
    );
  });
}
