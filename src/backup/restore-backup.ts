import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { copySqlite } from '../database/copy-sqlite.ts';
import { openSqlite } from '../database/sqlite.ts';
import { UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { renewEpochs } from '../organizations/organization-store.ts';
import { type Manifest, readManifest, STORE_FILE, sha256Of } from './manifest.ts';

/**
 * Puts a backup in the place of all that a store holds, in one transaction: servers on it go on, and show the restored
 * data from their next request. What they and their callers remember of the time between, such as ETags and cursors, is
 * known by its epoch, and counts no more.
 *
 * @throws UserError where the backup is not the one that was made; the store stays as it was.
 */
export async function restoreBackup(
  folder: string,
  storeFile: string,
  identifiers: Identifiers,
): Promise<Manifest> {
  const manifest = readManifest(folder);
  const prepared = `${storeFile}.restoring-${process.pid}`;
  try {
    copyFileSync(join(folder, STORE_FILE), prepared);
    const sha256 = await sha256Of(prepared);
    if (sha256 !== manifest.sha256) {
      throw new UserError(
        `The backup in ${folder} is damaged: the SHA-256 of ${STORE_FILE} is ${sha256}, and its manifest says ` +
          `${manifest.sha256}. Nothing was changed; take another backup.`,
      );
    }
    const database = openSqlite(prepared);
    try {
      await database.migrate();
      await database.transaction((queries) => renewEpochs(queries, identifiers));
    } finally {
      await database.close();
    }
    await copySqlite(prepared, storeFile);
    return manifest;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${prepared}${suffix}`, { force: true });
  }
}
