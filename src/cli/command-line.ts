import type { Command } from 'commander';
import { type Config, flagOf, type OptionName, options, readConfig } from '../config.ts';
import type { Database } from '../database/database.ts';
import { openStore } from '../database/open-store.ts';
import { UserError } from '../errors.ts';
import type { Organization } from '../organizations/organization.ts';
import { findOrganization } from '../organizations/organization-store.ts';

/** The folder where the user stands: npm runs scripts in the package's own folder and keeps this one in INIT_CWD. */
export function userDirectory(): string {
  const startedByOwnScript = process.env.npm_package_name === 'rollcall';
  return (startedByOwnScript && process.env.INIT_CWD) || process.cwd();
}

/** Gives a command the flags of these options; see `configOf`. */
export function withOptions(command: Command, ...names: OptionName[]): Command {
  for (const name of names) {
    const { placeholder, help, default: otherwise, variable, secret } = options[name];
    if (secret) continue;
    const shownDefault = otherwise ? `, default ${otherwise}` : '';
    command.option(`${flagOf(name)} <${placeholder}>`, `${help} (${variable}${shownDefault})`);
  }
  return command;
}

/** The configuration that the environment and the command's flags make together. */
export function configOf(command: Command): Config {
  const given = command.opts<Record<string, string | undefined>>();
  const flags: Partial<Record<OptionName, string>> = {};
  for (const name of Object.keys(options) as OptionName[]) {
    if (given[name] !== undefined) flags[name] = given[name];
  }
  return readConfig({ environment: process.env, flags, directory: userDirectory() });
}

/** Opens the store for as long as the work takes. */
export async function withStore<Result>(
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
export async function getOrganization(database: Database, username: string): Promise<Organization> {
  const organization = await findOrganization(database, username);
  if (organization) return organization;
  throw new UserError(
    `There is no organization ${username}. Make it with:\n  rollcall organization create ${username} --name "${username}"`,
  );
}

/** Prints data on standard output: as JSON where it was asked for, else as the lines that `describe` makes. */
export function print<Data>(command: Command, data: Data, describe: (data: Data) => string): void {
  const asJson = command.opts<{ json?: boolean }>().json === true;
  process.stdout.write(`${asJson ? JSON.stringify(data, null, 2) : describe(data)}\n`);
}
