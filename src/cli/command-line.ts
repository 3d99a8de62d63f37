import { type Config, flagOf, type OptionName, options, readConfig } from '../config.ts';
import type { Database, Store } from '../database/database.ts';
import {
  describePlace,
  hasStoreFile,
  isMade,
  openStore,
  openStoreAsItIs,
  type Place,
} from '../database/open-store.ts';
import { findStoreElsewhere } from '../database/store-elsewhere.ts';
import { quoted, UserError } from '../errors.ts';
import { type Member, normalizeEmail } from '../members/member.ts';
import { findMember } from '../members/member-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { findOrganization } from '../organizations/organization-store.ts';
import { migrateStore } from './migrate-store.ts';
import type { RollcallCommand, Surroundings } from './rollcall-command.ts';

/** The surroundings of this process. */
export function ownSurroundings(): Surroundings {
  const { stdout, stderr } = process;
  return { stdout, stderr, env: process.env, cwd: process.cwd() };
}

function isStartedByOwnScript({ env }: Surroundings): boolean {
  return env.npm_package_name === 'rollcall';
}

/** The folder where the user stands: npm runs scripts in the package's own folder and keeps this one in INIT_CWD. */
export function userDirectory({ surroundings }: RollcallCommand): string {
  const { env, cwd } = surroundings;
  return (isStartedByOwnScript(surroundings) && env.INIT_CWD) || cwd;
}

/** A command as the user has to type it: in a checkout it is called through npm. */
export function asTyped({ surroundings }: RollcallCommand, args: string): string {
  return isStartedByOwnScript(surroundings) ? `npm run -s rollcall -- ${args}` : `rollcall ${args}`;
}

/** Defaults of a command that are not those of the options themselves. */
type Defaults = Partial<Record<OptionName, string>>;

/** Gives a command the flags of these options; see `configOf`. */
export function withOptions(command: RollcallCommand, ...names: OptionName[]): RollcallCommand {
  for (const name of names) withOption(command, name);
  return command;
}

/** Gives a command the flag of an option, with a default of the command's own. */
export function withOption(
  command: RollcallCommand,
  name: OptionName,
  defaultText: string | undefined = options[name].default,
): RollcallCommand {
  const { placeholder, help, variable, secret } = options[name];
  if (secret) return command;
  const shownDefault = defaultText ? `, default ${defaultText}` : '';
  return command.option(`${flagOf(name)} <${placeholder}>`, `${help} (${variable}${shownDefault})`);
}

/** The configuration that the environment, the command's flags and its own defaults make together. */
export function configOf(command: RollcallCommand, defaults: Defaults = {}): Config {
  const given = command.opts<Record<string, string | undefined>>();
  const flags: Partial<Record<OptionName, string>> = {};
  for (const name of Object.keys(options) as OptionName[]) {
    if (given[name] !== undefined) flags[name] = given[name];
  }
  const environment = command.surroundings.env;
  return readConfig({ environment, flags, defaults, directory: userDirectory(command) });
}

/** @throws UserError where the data folder is to hold the store and has none, so that it stays as it was. */
export function requireStoreFile(command: RollcallCommand, config: Place): void {
  if (config.databaseUrl !== undefined || hasStoreFile(config)) return;
  const elsewhere = findStoreElsewhere(config);
  throw elsewhere === undefined ? noData(command, config) : new UserError(elsewhere);
}

function noData(command: RollcallCommand, config: Place): UserError {
  const how =
    config.databaseUrl === undefined
      ? 'the right folder with --data-dir or ROLLCALL_DATA_DIR'
      : 'the right database with ROLLCALL_DATABASE_URL';
  return new UserError(
    `There is no data in ${describePlace(config)}. Name ${how}, or create a store with:\n  ${beginning(command)}`,
  );
}

/** What makes a store. */
export function beginning(command: RollcallCommand): string {
  return asTyped(command, 'organization create USERNAME --name NAME');
}

/**
 * Opens the store that is there, with the migrations applied that this version needs, for as long as the work takes.
 *
 * @throws UserError where there is none, so that a folder or a database named by mistake stays as it was.
 */
export async function withStore<Result>(
  command: RollcallCommand,
  config: Place,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  requireStoreFile(command, config);
  const database = openStoreAsItIs(config);
  try {
    if (!(await isMade(database))) throw noData(command, config);
    await migrateStore(command, database);
    return await work(database);
  } finally {
    await database.close();
  }
}

/** The same, and makes the store where there is none, which is said. */
export async function withNewStore<Result>(
  command: RollcallCommand,
  config: Place,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  if (await hasStore(config)) return withStore(command, config, work);
  const database = await openStore(config, (made) => migrateStore(command, made));
  try {
    const result = await work(database);
    warn(
      command,
      `there was no store in ${describePlace(config)}, so one was created. If a server has another one, this command needs the ` +
        "server's settings, such as ROLLCALL_DATA_DIR or ROLLCALL_DATABASE_URL.",
    );
    return result;
  } finally {
    await database.close();
  }
}

async function hasStore(config: Place): Promise<boolean> {
  if (config.databaseUrl === undefined) return hasStoreFile(config);
  const database = openStoreAsItIs(config);
  try {
    return await isMade(database);
  } finally {
    await database.close();
  }
}

/** @throws UserError with the command that makes the organization, where there is none of that name. */
export async function getOrganization(
  command: RollcallCommand,
  store: Store,
  username: string,
): Promise<Organization> {
  const organization = await findOrganization(store, username);
  if (organization) return organization;
  throw new UserError(
    `There is no organization ${username}. Create it with:\n` +
      `  ${asTyped(command, `organization create ${username} --name "${username}"`)}`,
  );
}

/** @throws UserError with the command that adds the member, where the organization has none of that address. */
export async function getMember(
  command: RollcallCommand,
  store: Store,
  organization: Organization,
  email: string,
): Promise<Member> {
  const member = await findMember(store, organization.id, normalizeEmail(email));
  if (member) return member;
  const { username } = organization;
  throw new UserError(
    `${username} has no member ${quoted(email)}. Add one with:\n` +
      `  ${asTyped(command, `member add --organization ${username} --email ${email} --role member`)}\n` +
      `or list its members:\n  ${asTyped(command, `member list --organization ${username}`)}`,
  );
}

/** Prints data on standard output: as JSON where it was asked for, else as the lines that `describe` makes. */
export function print<Data>(
  command: RollcallCommand,
  data: Data,
  describe: (data: Data) => string,
): void {
  const asJson = command.opts<{ json?: boolean }>().json === true;
  command.surroundings.stdout.write(`${asJson ? JSON.stringify(data, null, 2) : describe(data)}\n`);
}

/** Says on standard error what is not as it should be, though the command did its work. */
export function warn({ surroundings }: RollcallCommand, text: string): void {
  surroundings.stderr.write(`rollcall: warning: ${text}\n`);
}
