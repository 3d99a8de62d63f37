import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../clock.ts';
import { UserError } from '../errors.ts';
import { otherThanFile } from '../file-problem.ts';
import { storageFaultOf } from '../storage-fault.ts';

/** How long a file may be so short that another process is just making. */
const MAKING_MS = 500;

/** What every SQLite file begins with; https://sqlite.org/fileformat2.html, 1.3. */
const HEADER_BYTES = 100;

/**
 * A file of no bytes, or of a few, is what a full disk or a broken copy leaves of a store, and SQLite would make a new one
 * of it.
 *
 * @throws UserError where the file is there and stays as short, or is something else than a file.
 */
export function requireWholeFile(file: string): void {
  for (const giveUpAt = systemClock() + MAKING_MS; ; ) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return;
    const other = otherThanFile(found);
    if (other !== undefined) throw new UserError(notAStore(file, other));
    if (found.size >= HEADER_BYTES) return;
    if (systemClock() >= giveUpAt) {
      throw new UserError(
        `The store is damaged: ${file} is a file of ${found.size} bytes, as a full disk or a broken copy leaves it.\n` +
          'Restore a backup, or delete the file to start empty.',
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

/** What is said where something else is in the place of a store's file. */
export function notAStore(file: string, what: string): string {
  return `${file} is ${what}, not the file of a store. Move it away, or name the right data folder with --data-dir or ROLLCALL_DATA_DIR.`;
}

/** What is wrong with a store's file and what to do, where that is what an error says; undefined for any other error. */
export function describeDamage(error: unknown): string | undefined {
  const isDamaged = storageFaultOf(error) === 'store_damaged';
  // Such as for a table that is missing: our own statements fit every store that is whole.
  const isIncomplete = error instanceof Sqlite.SqliteError && error.code === 'SQLITE_ERROR';
  if (!isDamaged && !isIncomplete) return undefined;
  return (
    `The store is damaged: ${(error as Error).message.replace(/\.$/, '')}. ` +
    'Stop the server, keep a copy of the data folder, and restore a backup.'
  );
}
