import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copySqlite } from '../database/copy-sqlite.ts';
import type { Database } from '../database/database.ts';
import { isMade } from '../database/open-store.ts';
import { openSqlite } from '../database/sqlite.ts';
import { describeDamage } from '../database/sqlite-damage.ts';
import type { Identifiers } from '../identifiers.ts';
import { renewEpochs } from '../organizations/organization-store.ts';
import { flush } from './flush.ts';
import type { Target } from './look-at-target.ts';
import {
  damaged,
  describeOrganizations,
  differenceOf,
  type Manifest,
  readManifest,
  STORE_FILE,
  sha256Of,
} from './manifest.ts';

type Preparing = {
  identifiers: Identifiers;
  /** Applies migrations to a store that nobody else uses. */
  migrate: (database: Database) => Promise<unknown>;
};

/**
 * Puts a backup in the place of all that a store holds, in one step: servers on it go on, and show the restored data from
 * their next request. What they and their callers remember of the time between, such as ETags and cursors, is known by
 * its epoch, and counts no more. A store that cannot be read is set aside under another name.
 *
 * @throws UserError where the backup is not the one that was made; all is as it was then, and no folder was made.
 */
export async function restoreBackup(
  folder: string,
  { file, state }: Target,
  { identifiers, migrate }: Preparing,
): Promise<Manifest> {
  const manifest = readManifest(folder);
  const prepared = `${file}.restoring-${process.pid}`;
  const madeFolder = mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let isRestored = false;
  try {
    copyFileSync(join(folder, STORE_FILE), prepared);
    await prepare(prepared, { folder, manifest, identifiers, migrate });
    if (state === 'readable') await copySqlite(prepared, file);
    else putInPlace(prepared, file, state);
    isRestored = true;
    return manifest;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${prepared}${suffix}`, { force: true });
    if (!isRestored && madeFolder !== undefined) rmSync(madeFolder, { recursive: true });
  }
}

/** Makes a store of this version of a copy of a backup, once that has shown to be sound. */
async function prepare(
  prepared: string,
  { folder, manifest, identifiers, migrate }: Preparing & { folder: string; manifest: Manifest },
): Promise<void> {
  const sha256 = await sha256Of(prepared);
  if (sha256 !== manifest.sha256) {
    throw damaged(
      folder,
      `the SHA-256 of ${STORE_FILE} is ${sha256}, but its manifest says ${manifest.sha256}`,
    );
  }
  try {
    const database = openSqlite(prepared);
    try {
      const problems = await database.check();
      if (problems.length > 0) throw damaged(folder, problems.join('; '));
      if (!(await isMade(database))) throw damaged(folder, `${STORE_FILE} is empty`);
      const difference = differenceOf(manifest, await describeOrganizations(database));
      if (difference !== undefined) throw damaged(folder, difference);
      await migrate(database);
      await database.transaction((store) => renewEpochs(store, identifiers));
    } finally {
      await database.close();
    }
  } catch (error) {
    if (describeDamage(error) === undefined) throw error;
    throw damaged(folder, `${STORE_FILE} cannot be read: ${(error as Error).message}`);
  }
}

/** Lets a file appear where nothing is that anybody could use. */
function putInPlace(prepared: string, file: string, state: Target['state']): void {
  flush(prepared);
  for (const suffix of ['-wal', '-shm', '']) {
    if (state === 'damaged') moveAside(file, suffix);
    else rmSync(`${file}${suffix}`, { force: true });
  }
  renameSync(prepared, file);
  flush(dirname(file));
}

/** How what could not be read is called from then on. */
export const asideName = (file: string): string => `${file}.damaged-${process.pid}`;

function moveAside(file: string, suffix: string): void {
  try {
    renameSync(`${file}${suffix}`, `${asideName(file)}${suffix}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
