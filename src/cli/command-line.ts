import type { Command } from 'commander';
import { type Config, flagOf, type OptionName, options, readConfig } from '../config.ts';
import type { Database, Queries } from '../database/database.ts';
import { openStore, type Place, storeExists } from '../database/open-store.ts';
import { quoted, UserError } from '../errors.ts';
import { type Member, normalizeEmail } from '../members/member.ts';
import { findMember } from '../members/member-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { findOrganization } from '../organizations/organization-store.ts';

const startedByOwnScript = process.env.npm_package_name === 'rollcall';

/** The folder where the user stands: npm runs scripts in the package's own folder and keeps this one in INIT_CWD. */
export function userDirectory(): string {
  return (startedByOwnScript && process.env.INIT_CWD) || process.cwd();
}

/** A command as the user has to type it: in a checkout it is called through npm. */
export function asTyped(args: string): string {
  return startedByOwnScript ? `npm run -s rollcall -- ${args}` : `rollcall ${args}`;
}

/** Defaults of a command that are not those of the options themselves. */
type Defaults = Partial<Record<OptionName, string>>;

/** Gives a command the flags of these options; see `configOf`. */
export function withOptions(command: Command, ...names: OptionName[]): Command {
  for (const name of names) withOption(command, name);
  return command;
}

/** Gives a command the flag of an option, with a default of the command's own. */
export function withOption(
  command: Command,
  name: OptionName,
  defaultText: string | undefined = options[name].default,
): Command {
  const { placeholder, help, variable, secret } = options[name];
  if (secret) return command;
  const shownDefault = defaultText ? `, default ${defaultText}` : '';
  return command.option(`${flagOf(name)} <${placeholder}>`, `${help} (${variable}${shownDefault})`);
}

/** The configuration that the environment, the command's flags and its own defaults make together. */
export function configOf(command: Command, defaults: Defaults = {}): Config {
  const given = command.opts<Record<string, string | undefined>>();
  const flags: Partial<Record<OptionName, string>> = {};
  for (const name of Object.keys(options) as OptionName[]) {
    if (given[name] !== undefined) flags[name] = given[name];
  }
  return readConfig({ environment: process.env, flags, defaults, directory: userDirectory() });
}

/** @throws UserError where there is no store yet, so that a folder named by mistake stays as it was. */
export function requireStore(config: Place): void {
  if (storeExists(config)) return;
  throw new UserError(
    `There is no data in ${config.dataDir}. Name the right folder with --data-dir or ROLLCALL_DATA_DIR, ` +
      `or begin here with:\n  ${asTyped('organization create USERNAME --name NAME')}`,
  );
}

/** Opens the store that is there for as long as the work takes; see `requireStore`. */
export async function withStore<Result>(
  config: Config,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  requireStore(config);
  return withNewStore(config, work);
}

/** Opens the store, made when it is not there, for as long as the work takes. */
export async function withNewStore<Result>(
  config: Config,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openStore(config);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** @throws UserError with the command that makes the organization, where there is none of that name. */
export async function getOrganization(queries: Queries, username: string): Promise<Organization> {
  const organization = await findOrganization(queries, username);
  if (organization) return organization;
  throw new UserError(
    `There is no organization ${username}. Make it with:\n` +
      `  ${asTyped(`organization create ${username} --name "${username}"`)}`,
  );
}

/** @throws UserError with the command that adds the member, where the organization has none of that address. */
export async function getMember(
  queries: Queries,
  organization: Organization,
  email: string,
): Promise<Member> {
  const member = await findMember(queries, organization.id, normalizeEmail(email));
  if (member) return member;
  const { username } = organization;
  throw new UserError(
    `${username} has no member ${quoted(email)}. Add one with:\n` +
      `  ${asTyped(`member add --organization ${username} --email ${email} --role member`)}\n` +
      `or see who is:\n  ${asTyped(`member list --organization ${username}`)}`,
  );
}

/** Prints data on standard output: as JSON where it was asked for, else as the lines that `describe` makes. */
export function print<Data>(command: Command, data: Data, describe: (data: Data) => string): void {
  const asJson = command.opts<{ json?: boolean }>().json === true;
  process.stdout.write(`${asJson ? JSON.stringify(data, null, 2) : describe(data)}\n`);
}

/** Says on standard error what is not as it should be, though the command did its work. */
export function warn(text: string): void {
  process.stderr.write(`rollcall: warning: ${text}\n`);
}
