import { Option } from 'commander';
import { commandLine } from '../audit/audit-log-store.ts';
import { systemClock } from '../clock.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { addMember } from '../members/change-members.ts';
import { type Member, normalizeEmail, type Role, roles } from '../members/member.ts';
import { findMember, listMembers } from '../members/member-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { removeMember } from '../schedules/remove-member.ts';
import { linkUrl, makeSignInLink } from '../sessions/make-sign-in-link.ts';
import {
  asTyped,
  configOf,
  getMember,
  getOrganization,
  print,
  warn,
  withOptions,
  withStore,
} from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { serverUrl } from './server-url.ts';
import { formatTable } from './table.ts';

export function addMemberCommands(program: RollcallCommand): void {
  const group = program.command('member').description('Manage the members of an organization.');
  addAddCommand(group);
  addRemoveCommand(group);
  addListCommand(group);
  addLinkCommand(group);
}

function addAddCommand(group: RollcallCommand): void {
  const command = group
    .command('add')
    .description('Add a member, or change a member’s role.')
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .requiredOption('--email <EMAIL>', 'Email address of the member.')
    .addOption(
      new Option('--role <ROLE>', 'Role of the member.').choices(roles).makeOptionMandatory(),
    )
    .option('--json', 'Print the member as JSON.');
  type Flags = { organization: string; email: string; role: Role };
  withOptions(command, 'dataDir').action(async ({ role, ...flags }: Flags) => {
    const email = normalizeEmail(flags.email);
    await withStore(command, configOf(command), async (database) => {
      const organization = await getOrganization(command, database, flags.organization);
      const before = await findMember(database, organization.id, email);
      const member = await addMember(
        database,
        organization.id,
        { email, role },
        { clock: systemClock, identifiers: randomIdentifiers },
      );
      print(command, toJson(member), () => {
        if (before === undefined) return `${email} is now ${role} of ${organization.username}.`;
        return before.role === role
          ? `${email} is already ${role} of ${organization.username}.`
          : `${email} was ${before.role} of ${organization.username} and is now ${role}.`;
      });
      const members = await listMembers(database, organization.id);
      warnOfLastAdmin(command, organization, before, members);
    });
  });
}

function addRemoveCommand(group: RollcallCommand): void {
  const command = group
    .command('remove')
    .description('Remove a member and revoke the member’s access tokens.')
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .requiredOption('--email <EMAIL>', 'Email address of the member.')
    .option('--json', 'Print the outcome as JSON.');
  type Flags = { organization: string; email: string };
  withOptions(command, 'dataDir').action(async (flags: Flags) => {
    await withStore(command, configOf(command), async (database) => {
      const organization = await getOrganization(command, database, flags.organization);
      const member = await getMember(command, database, organization, flags.email);
      const revoked = await removeMember(database, organization.id, member, {
        clock: systemClock,
      });
      print(
        command,
        { email: member.email, revoked_tokens: revoked },
        () =>
          `Removed ${member.email} from ${organization.username}; access tokens revoked: ${revoked}.`,
      );
      warnOfLastAdmin(command, organization, member, await listMembers(database, organization.id));
    });
  });
}

function addListCommand(group: RollcallCommand): void {
  const command = group
    .command('list')
    .description('List the members of an organization in the order in which they joined.')
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .option('--json', 'Print them as JSON.');
  withOptions(command, 'dataDir').action(async (flags: { organization: string }) => {
    const members = await withStore(command, configOf(command), async (database) => {
      const organization = await getOrganization(command, database, flags.organization);
      return listMembers(database, organization.id);
    });
    print(command, members.map(toJson), () =>
      formatTable(
        ['EMAIL', 'ROLE', 'JOINED'],
        members.map(({ email, role, createdAt }) => [email, role, createdAt]),
      ),
    );
  });
}

function addLinkCommand(group: RollcallCommand): void {
  const command = group
    .command('link')
    .description('Print a link that signs a member in once and offers to set a password.')
    .argument('<EMAIL>', 'Email address of the member.')
    .requiredOption('--organization <USERNAME>', 'The organization.')
    .option('--json', 'Print it as JSON.');
  const options = ['dataDir', 'publicUrl', 'host', 'port', 'tlsCert', 'signInLinkHours'] as const;
  withOptions(command, ...options).action(
    async (email: string, flags: { organization: string }) => {
      const config = configOf(command);
      const hours = config.signInLinkHours;
      const { member, link } = await withStore(command, config, (database) =>
        database.transaction(async (store) => {
          const organization = await getOrganization(command, store, flags.organization);
          const found = await getMember(command, store, organization, email);
          const given = { member: found, hours, by: commandLine };
          const made = await makeSignInLink(store, organization.id, given, {
            clock: systemClock,
            identifiers: randomIdentifiers,
          });
          return { member: found, link: made };
        }),
      );
      const url = linkUrl(serverUrl(config), link);
      print(
        command,
        { email: member.email, link: url, expires_at: link.expiresAt },
        () =>
          `Open this link in a browser to sign ${member.email} in to ${flags.organization}. It works once, until ${link.expiresAt}:\n` +
          `  ${url}`,
      );
      if (config.publicUrl === undefined) {
        warn(
          command,
          `ROLLCALL_PUBLIC_URL is not set, so the link leads to ${serverUrl(config)}, as on this machine. ` +
            "If people reach the server at another URL, run this with the server's settings, or with --public-url.",
        );
      }
    },
  );
}

/** Says so when whoever was just changed was the last admin. */
function warnOfLastAdmin(
  command: RollcallCommand,
  { username }: Organization,
  before: Member | undefined,
  members: readonly Member[],
): void {
  if (before?.role !== 'admin' || members.some(({ role }) => role === 'admin')) return;
  warn(
    command,
    `${username} has no admin any more, so nobody can create tokens through its API. Add one with:\n` +
      `  ${asTyped(command, `member add --organization ${username} --email EMAIL --role admin`)}`,
  );
}

function toJson({ email, role, createdAt }: Member) {
  return { email, role, created_at: createdAt };
}
