import { systemClock, wireTime } from '../clock.ts';
import { DuplicateError } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { checkOrganizationName, checkUsername } from '../organizations/organization.ts';
import { createOrganization, listOrganizations } from '../organizations/organization-store.ts';
import { asTyped, configOf, print, withNewStore, withOptions, withStore } from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';
import { formatTable } from './table.ts';

export function addOrganizationCommands(program: RollcallCommand): void {
  const group = program.command('organization').description('Manage organizations.');
  addCreateCommand(group);
  addListCommand(group);
}

function addCreateCommand(group: RollcallCommand): void {
  const command = group
    .command('create')
    .description('Create an organization and, if it is the first, the data folder.')
    .argument('<USERNAME>', 'Its identifier in every path: a-z, 0-9, "-" and "_".')
    .requiredOption('--name <NAME>', 'Its display name.')
    .option('--json', 'Print it as JSON.');
  withOptions(command, 'dataDir').action(async (username: string, flags: { name: string }) => {
    const given = {
      username: checkUsername(username),
      name: checkOrganizationName(flags.name),
      createdAt: wireTime(systemClock()),
      epoch: randomIdentifiers.token(),
    };
    const { id } = await withNewStore(command, configOf(command), (database) =>
      database.transaction((store) => createOrganization(store, given)),
    ).catch((error) => {
      if (!(error instanceof DuplicateError)) throw error;
      throw new UserError(
        `The organization ${username} exists already. Choose another username. List the existing ones with:\n` +
          `  ${asTyped(command, 'organization list')}`,
      );
    });
    print(
      command,
      toJson({ ...given, id }),
      () =>
        `Created the organization ${username}. Add an admin with:\n` +
        `  ${asTyped(command, `member add --organization ${username} --email EMAIL --role admin`)}`,
    );
  });
}

function addListCommand(group: RollcallCommand): void {
  const command = group
    .command('list')
    .description('List the organizations, by username.')
    .option('--json', 'Print them as JSON.');
  withOptions(command, 'dataDir').action(async () => {
    const organizations = await withStore(command, configOf(command), listOrganizations);
    print(command, organizations.map(toJson), () =>
      formatTable(
        ['USERNAME', 'NAME', 'MADE'],
        organizations.map(({ username, name, createdAt }) => [username, name, createdAt]),
      ),
    );
  });
}

type MadeOrganization = Awaited<ReturnType<typeof listOrganizations>>[number];

function toJson({ id, username, name, createdAt }: MadeOrganization) {
  return { id, username, name, created_at: createdAt };
}
