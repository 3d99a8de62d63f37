import { resolve } from 'node:path';
import { makeBackup } from '../backup/make-backup.ts';
import type { Manifest } from '../backup/manifest.ts';
import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import { storeFile } from '../database/open-store.ts';
import { findStoreElsewhere } from '../database/store-elsewhere.ts';
import { UserError } from '../errors.ts';
import { configOf, print, requireStoreFile, userDirectory, withOptions } from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';

export function addBackupCommand(program: RollcallCommand): void {
  const command = program
    .command('backup')
    .description('Copy the current state of the whole store into a new folder.')
    .argument('<DIR>', 'The folder, which must not exist or be empty.')
    .option('--json', 'Print the contents of the backup as JSON.');
  withOptions(command, 'dataDir').action(async (directory: string) => {
    const config = configOf(command);
    requireSqlite(config, 'pg_dump --format=custom --file=rollcall.dump "$ROLLCALL_DATABASE_URL"');
    requireStoreFile(command, config);
    const elsewhere = findStoreElsewhere(config);
    if (elsewhere !== undefined) throw new UserError(elsewhere);
    const folder = resolve(userDirectory(command), directory);
    const manifest = await makeBackup(storeFile(config), folder, systemClock);
    print(command, manifest, () => `Backed up ${describeManifest(manifest)} to ${folder}.`);
  });
}

/** @throws UserError with the command of PostgreSQL that does it there. */
export function requireSqlite({ databaseUrl }: Config, insteadInPostgres: string): void {
  if (databaseUrl === undefined) return;
  throw new UserError(
    'Everything is in PostgreSQL (ROLLCALL_DATABASE_URL), which has its own tools. Run:\n' +
      `  ${insteadInPostgres}`,
  );
}

export function describeManifest({ organizations }: Manifest): string {
  const rows = organizations.flatMap((organization) => Object.values(organization.rows));
  const total = rows.reduce((sum, count) => sum + count, 0).toLocaleString('en');
  const count = organizations.length;
  return `${count} organization${count === 1 ? '' : 's'} with ${total} row${total === '1' ? '' : 's'}`;
}
