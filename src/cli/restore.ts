import { resolve } from 'node:path';
import { restoreBackup } from '../backup/restore-backup.ts';
import { openStore, storeFile } from '../database/open-store.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { listOrganizations } from '../organizations/organization-store.ts';
import { describeManifest, requireSqlite } from './backup.ts';
import { configOf, print, userDirectory, withOptions } from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';

const IN_POSTGRES =
  'pg_restore --clean --if-exists --single-transaction --dbname="$ROLLCALL_DATABASE_URL" rollcall.dump && ' +
  'psql "$ROLLCALL_DATABASE_URL" -c "update organizations set epoch = md5(random()::text || id)"';

export function addRestoreCommand(program: RollcallCommand): void {
  const command = program
    .command('restore')
    .description('Put a backup in the place of all that the store holds.')
    .argument('<DIR>', 'The folder of the backup.')
    .option('--replace', 'Though the store holds organizations, which are lost.')
    .option('--json', 'Print what was restored as JSON.');
  withOptions(command, 'dataDir').action(
    async (directory: string, { replace }: { replace?: true }) => {
      const config = configOf(command);
      requireSqlite(config, IN_POSTGRES);
      const database = await openStore(config);
      try {
        const held = await listOrganizations(database);
        if (held.length > 0 && !replace) {
          throw new UserError(
            `The store in ${config.dataDir} holds ${held.map(({ username }) => username).join(', ')}. ` +
              'Add --replace to lose all that it holds, or name another folder with --data-dir.',
          );
        }
      } finally {
        await database.close();
      }
      const folder = resolve(userDirectory(command), directory);
      const manifest = await restoreBackup(folder, storeFile(config), randomIdentifiers);
      print(
        command,
        manifest,
        () => `Restored ${describeManifest(manifest)}, as they were at ${manifest.made_at}.`,
      );
    },
  );
}
