import type { AccessTokenKind } from '../access-tokens/access-token.ts';
import {
  findTokenHolder,
  type ListedAccessToken,
  listAccessTokens,
} from '../access-tokens/access-token-store.ts';
import { revokeToken } from '../access-tokens/revoke-token.ts';
import { commandLine } from '../audit/audit-log-store.ts';
import { systemClock, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import { quoted, UserError } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import {
  asTyped,
  configOf,
  getOrganization,
  print,
  withOptions,
  withStore,
} from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { formatTable } from './table.ts';

/** What is the same for the commands of both kinds of access token: to list them and to revoke one. */
type Kind = { kind: AccessTokenKind; command: string; noun: string };

export const apiTokens: Kind = { kind: 'api', command: 'api-token', noun: 'API token' };
export const signatureTokens: Kind = {
  kind: 'signature',
  command: 'signature-token',
  noun: 'signature token',
};

export function addTokenListCommand(group: RollcallCommand, { kind, noun }: Kind): void {
  const command = group
    .command('list')
    .description(
      `List the ${noun}s of an organization that are not revoked, without their secrets.`,
    )
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .option('--json', 'Print them as JSON.');
  withOptions(command, 'dataDir').action(async (flags: { organization: string }) => {
    const tokens = await withStore(command, configOf(command), async (database) => {
      const organization = await getOrganization(command, database, flags.organization);
      return listAccessTokens(database, organization.id, kind);
    });
    const now = wireTime(systemClock());
    print(command, tokens.map(toJson), () =>
      formatTable(
        ['TOKEN', 'NAME', 'MEMBER', 'MADE', 'EXPIRES'],
        tokens.map(({ token, name, memberEmail, createdAt, expiresAt }) => [
          token,
          name,
          memberEmail ?? '-',
          createdAt,
          expiresAt === null ? 'never' : `${expiresAt}${expiresAt <= now ? ' (expired)' : ''}`,
        ]),
      ),
    );
  });
}

export function addTokenRevokeCommand(group: RollcallCommand, tokens: Kind): void {
  const command = group
    .command('revoke')
    .description('Revoke a token. It stops working on the next request.')
    .argument('<TOKEN>', 'Its public part, as shown in the list.')
    .option('--organization <USERNAME>', 'Refuse unless it is a token of this organization.')
    .option('--json', 'Print the outcome as JSON.');
  withOptions(command, 'dataDir').action(
    async (token: string, flags: { organization?: string }) => {
      const revokedAt = wireTime(systemClock());
      const { username } = await withStore(command, configOf(command), async (database) => {
        const organization = await getOrganizationOfToken(
          command,
          database,
          tokens,
          token,
          flags.organization,
        );
        const revoked = { kind: tokens.kind, token };
        await revokeToken(database, organization.id, revoked, { at: revokedAt, by: commandLine });
        return organization;
      });
      print(
        command,
        { token, organization: username, revoked_at: revokedAt },
        () => `Revoked the ${tokens.noun} ${token} of ${username}.`,
      );
    },
  );
}

/** @throws UserError where there is no such token, or none of the organization that was named. */
async function getOrganizationOfToken(
  command: RollcallCommand,
  store: Store,
  { kind, noun, command: group }: Kind,
  token: string,
  username: string | undefined,
): Promise<Organization> {
  if (username !== undefined) await getOrganization(command, store, username);
  const organization = (await findTokenHolder(store, kind, token))?.organization;
  if (organization && organization.username === (username ?? organization.username)) {
    return organization;
  }
  throw new UserError(
    `There is no ${noun} ${quoted(token)}${username === undefined ? '' : ` in ${username}`}; it may have been ` +
      'revoked already. List the valid ones with:\n' +
      `  ${asTyped(command, `${group} list --organization ${username ?? 'USERNAME'}`)}`,
  );
}

function toJson({ token, name, memberEmail, createdAt, expiresAt }: ListedAccessToken) {
  return { token, name, member: memberEmail, created_at: createdAt, expires_at: expiresAt };
}
