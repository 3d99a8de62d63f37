import { statSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../clock.ts';
import { UserError } from '../errors.ts';

/** How long a file may be empty that another process is just making. */
const MAKING_MS = 500;

/**
 * A file of no bytes is what a full disk or a broken copy leaves of a store, and SQLite would make a new one of it.
 *
 * @throws UserError where the file is there and stays empty.
 */
export function requireWholeFile(file: string): void {
  const isEmpty = () => statSync(file, { throwIfNoEntry: false })?.size === 0;
  for (const giveUpAt = systemClock() + MAKING_MS; isEmpty(); ) {
    if (systemClock() >= giveUpAt) {
      throw new UserError(
        `The store is damaged: ${file} is a file of 0 bytes, as a full disk or a broken copy leaves it.\n` +
          'Restore a backup, or delete the file to begin with nothing.',
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

const DAMAGED: Record<string, string> = {
  SQLITE_NOTADB: 'it is no store',
  SQLITE_CORRUPT: 'parts of it are wrong',
  SQLITE_ERROR: 'parts of it are missing or of another program',
};

/** What is wrong with a store's file, where that is what an error says; undefined for any other error. */
export function describeDamage(error: unknown): string | undefined {
  if (!(error instanceof Sqlite.SqliteError)) return undefined;
  const [code] = Object.keys(DAMAGED).filter((one) => error.code.startsWith(one));
  if (code !== undefined) {
    return (
      `The store is damaged: ${DAMAGED[code]} (${error.message}). ` +
      'Stop the server, keep a copy of the data folder, and restore a backup.'
    );
  }
  return (
    `The store cannot be used: ${error.message} (${error.code}). ` +
    'Check that the data folder belongs to this user, and that its disk has room and can be written to.'
  );
}
