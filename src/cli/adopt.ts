import { listAllDataSources } from '../data-sources/data-source-store.ts';
import { markFiles } from '../data-sources/files-mark.ts';
import { fingerprintOf, isLocked } from '../data-sources/key-mark.ts';
import { filesDirOf } from '../data-sources/organization-files.ts';
import { secretKeyOf } from '../data-sources/secret-key.ts';
import { replaceStoreMark } from '../data-sources/store-mark-store.ts';
import type { Store } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { randomIdentifiers } from '../identifiers.ts';
import { asTyped, configOf, print, withOptions, withStore } from './command-line.ts';
import type { RollcallCommand } from './rollcall-command.ts';

export function addAdoptCommand(program: RollcallCommand): void {
  const command = program
    .command('adopt')
    .description(
      'Make this machine’s secret key or files folder that of the store, after the previous one was lost or replaced.',
    )
    .option('--key', 'The secret key; created if there is none.')
    .option('--files', 'The files folder.')
    .option('--json', 'Print the outcome as JSON.');
  type Flags = { key?: true; files?: true };
  withOptions(command, 'dataDir', 'filesDir', 'secretKeyFile').action(async (flags: Flags) => {
    if (!flags.key && !flags.files) {
      throw new UserError(
        `Choose what the store is to use:\n  ${asTyped(command, 'adopt --key')}\n  ${asTyped(command, 'adopt --files')}`,
      );
    }
    const config = configOf(command);
    const secretKey = secretKeyOf(config, randomIdentifiers);
    const filesDir = filesDirOf(config);
    const adopted = await withStore(command, config, (database) =>
      database.transaction(async (store) => ({
        ...(flags.key && {
          secret_key: secretKey.place,
          locked: await adoptKey(store, secretKey.getOrMake()),
        }),
        ...(flags.files && { files: await adoptFiles(store, filesDir) }),
      })),
    );
    print(command, adopted, describe);
  });
}

type Adopted = { secret_key?: string; locked?: Locked[]; files?: string };
type Locked = { organization: string; token: string; name: string };

/** The data sources whose passwords have to be entered again. */
async function adoptKey(store: Store, key: Buffer): Promise<Locked[]> {
  await replaceStoreMark(store, 'secret_key', fingerprintOf(key));
  const all = await listAllDataSources(store);
  return all
    .filter((one) => isLocked(key, one))
    .map(({ organization: { username }, source: { token, name } }) => ({
      organization: username,
      token,
      name,
    }));
}

async function adoptFiles(store: Store, filesDir: string): Promise<string> {
  const mark = markFiles(filesDir, randomIdentifiers.token());
  if (mark === undefined) {
    throw new UserError(
      `There is no folder ${filesDir}, or it is not writable. Name the right one with --files-dir or ROLLCALL_FILES_DIR.`,
    );
  }
  await replaceStoreMark(store, 'files', mark);
  return filesDir;
}

function describe({ secret_key: place, locked = [], files }: Adopted): string {
  const lines = [];
  if (place !== undefined) lines.push(`The store's secret key is now the one in ${place}.`);
  if (locked.length > 0) {
    lines.push(
      'Enter the passwords of these data sources again:',
      ...locked.map(({ organization, token, name }) => `  ${organization}  ${token}  ${name}`),
    );
  }
  if (files !== undefined) lines.push(`The store's files are now those in ${files}.`);
  return lines.join('\n');
}
