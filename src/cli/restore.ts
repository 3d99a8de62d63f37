import { resolve } from 'node:path';
import { lookAtTarget, type Target } from '../backup/look-at-target.ts';
import { asideName, restoreBackup } from '../backup/restore-backup.ts';
import type { Config } from '../config.ts';
import { FILES_HINT, findFilesFault } from '../data-sources/files-mark.ts';
import { findOldKeyFault, KEY_HINT } from '../data-sources/key-mark.ts';
import { filesDirOf } from '../data-sources/organization-files.ts';
import { secretKeyOf } from '../data-sources/secret-key.ts';
import { findStoreMarks } from '../data-sources/store-mark-store.ts';
import { storeFile } from '../database/open-store.ts';
import { findStoreElsewhere } from '../database/store-elsewhere.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { describeManifest, requireSqlite } from './backup.ts';
import { configOf, print, userDirectory, warn, withOptions, withStore } from './command-line.ts';
import { migrateStore } from './migrate-store.ts';
import type { RollcallCommand } from './rollcall-command.ts';

const IN_POSTGRES =
  'pg_restore --clean --if-exists --single-transaction --dbname="$ROLLCALL_DATABASE_URL" rollcall.dump && ' +
  'psql "$ROLLCALL_DATABASE_URL" -c "update organizations set epoch = md5(random()::text || id)"';

export function addRestoreCommand(program: RollcallCommand): void {
  const command = program
    .command('restore')
    .description('Replace the whole store with a backup.')
    .argument('<DIR>', 'The folder of the backup.')
    .option('--replace', 'Replace the store even if it has organizations, which are lost.')
    .option('--json', 'Print the restored contents as JSON.');
  withOptions(command, 'dataDir').action(
    async (directory: string, { replace }: { replace?: true }) => {
      const config = configOf(command);
      requireSqlite(config, IN_POSTGRES);
      const elsewhere = findStoreElsewhere(config);
      if (elsewhere !== undefined) throw new UserError(elsewhere);
      const target = await lookAtTarget(storeFile(config));
      if (!replace) requireNothing(config, target);
      const folder = resolve(userDirectory(command), directory);
      const manifest = await restoreBackup(folder, target, {
        identifiers: randomIdentifiers,
        migrate: (database) => migrateStore(command, database, { finish: true }),
      });
      print(
        command,
        manifest,
        () => `Restored ${describeManifest(manifest)} from ${manifest.made_at}.`,
      );
      if (target.state === 'damaged') {
        warn(command, `the unreadable store is now ${asideName(target.file)}.`);
      }
      await warnOfWhatIsMissing(command, config);
    },
  );
}

/** @throws UserError where something would be lost that nobody has agreed to lose. */
function requireNothing({ dataDir }: Config, { state, usernames }: Target): void {
  if (state === 'damaged') {
    throw new UserError(
      `The store in ${dataDir} cannot be read. Add --replace to replace it with the backup; it is kept under ` +
        'another name.',
    );
  }
  if (usernames.length === 0) return;
  throw new UserError(
    `The store in ${dataDir} holds ${usernames.join(', ')}. ` +
      'Add --replace to lose all of them, or name another folder with --data-dir.',
  );
}

/** What is in no backup, and data sources need. */
async function warnOfWhatIsMissing(command: RollcallCommand, config: Config): Promise<void> {
  const secretKey = secretKeyOf(config, randomIdentifiers);
  await withStore(command, config, async (database) => {
    const keyFault = await findOldKeyFault(database, secretKey);
    if (keyFault !== undefined) warn(command, `${keyFault} ${KEY_HINT}`);
    const marks = await findStoreMarks(database);
    const filesFault = await findFilesFault(database, marks, filesDirOf(config));
    if (filesFault !== undefined) warn(command, `${filesFault} ${FILES_HINT}`);
  });
}
