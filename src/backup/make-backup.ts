import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type Clock, wireTime } from '../clock.ts';
import { copySqlite } from '../database/copy-sqlite.ts';
import { readMigrations } from '../database/migrations.ts';
import { openSqlite } from '../database/sqlite.ts';
import { requireWholeFile } from '../database/sqlite-damage.ts';
import { UserError } from '../errors.ts';
import { version } from '../version.ts';
import { flush } from './flush.ts';
import {
  describeOrganizations,
  MANIFEST_FILE,
  type Manifest,
  STORE_FILE,
  sha256Of,
} from './manifest.ts';

/**
 * Copies the store as it is at one moment into a new folder, while servers and commands go on. The folder appears when all
 * of it is there, on the disk and read again; a backup that is killed leaves none.
 *
 * @throws UserError where the folder is there already, or the copy is not sound.
 */
export async function makeBackup(
  storeFile: string,
  folder: string,
  clock: Clock,
): Promise<Manifest> {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(
      `${folder} exists already, and a backup never replaces anything. Name a new folder.`,
    );
  }
  requireWholeFile(storeFile);
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  try {
    const file = join(partial, STORE_FILE);
    const madeAt = wireTime(clock());
    await copySqlite(storeFile, file);
    const manifest = {
      version,
      ...(await describe(file)),
      made_at: madeAt,
      bytes: statSync(file).size,
      sha256: await sha256Of(file),
    };
    writeFileSync(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    for (const path of [file, join(partial, MANIFEST_FILE), partial]) flush(path);
    renameSync(partial, folder);
    flush(dirname(folder));
    return manifest;
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** What a store holds, and that it is sound: a backup that nobody has read is a hope. */
async function describe(file: string): Promise<Pick<Manifest, 'schema' | 'organizations'>> {
  const database = openSqlite(file);
  try {
    const problems = await database.check();
    if (problems.length > 0) {
      throw new UserError(
        `The copy is damaged: ${problems.join('; ')}. Check the store with "rollcall doctor".`,
      );
    }
    const { needed, waiting } = await database.missingMigrations();
    const missing = [...needed, ...waiting];
    const applied = readMigrations('sqlite').filter(({ name }) => !missing.includes(name));
    return {
      schema: applied.at(-1)?.name ?? 'none',
      organizations: await describeOrganizations(database),
    };
  } finally {
    await database.close();
  }
}
