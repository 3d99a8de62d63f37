import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { UserError } from './errors.ts';
import { storageFaultOf, storageFaults } from './storage-fault.ts';

/** A folder that no other process uses. */
export type ClaimedFolder = { path: string; release: () => void };

/**
 * The first of the numbered folders in `root` that nobody uses, made when all are in use. A process that ends, however
 * it ends, leaves its folder to the next one, with what is in it. The lock is SQLite's: it holds on every system, and
 * between two servers of one process, too.
 *
 * @throws UserError where the disk does not allow it.
 */
export function claimFolder(root: string): ClaimedFolder {
  for (let number = 1; ; number++) {
    const claimed = claimThisFolder(join(root, String(number)));
    if (claimed) return claimed;
  }
}

/**
 * This folder, made when it is not there; undefined where another process uses it.
 *
 * @throws UserError where the disk does not allow it.
 */
export function claimThisFolder(path: string): ClaimedFolder | undefined {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const release = lockFile(join(path, 'lock'));
    return release && { path, release };
  } catch (error) {
    const fault = storageFaultOf(error);
    if (fault === undefined) throw error;
    throw new UserError(
      `The folder ${path} cannot be used (${(error as Error).message}): ${storageFaults[fault]}`,
    );
  }
}

/** Answers what gives the lock back; undefined where somebody else has it. */
function lockFile(file: string): (() => void) | undefined {
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    if (error.code === 'SQLITE_BUSY') return undefined;
    // Nothing is in it. What somebody else has locked is not looked at, so nobody has this one.
    if (storageFaultOf(error) !== 'store_damaged') throw error;
    rmSync(file);
    return lockFile(file);
  }
}
