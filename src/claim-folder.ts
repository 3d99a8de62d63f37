import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** A folder that no other process uses. */
export type ClaimedFolder = { path: string; release: () => void };

/**
 * The first of the numbered folders in `root` that nobody uses, made when all are in use. A process that ends, however
 * it ends, leaves its folder to the next one, with what is in it. The lock is SQLite's: it holds on every system, and
 * between two servers of one process, too.
 */
export function claimFolder(root: string): ClaimedFolder {
  for (let number = 1; ; number++) {
    const path = join(root, String(number));
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = new Sqlite(join(path, 'lock'), { timeout: 0 });
    try {
      lock.exec('begin exclusive');
      return { path, release: () => lock.close() };
    } catch (error) {
      lock.close();
      if (!(error instanceof Sqlite.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    }
  }
}
