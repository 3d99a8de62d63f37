import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type StorageFault, storageFaultOf, storageFaults, TRIED } from '../storage-fault.ts';
import { DuplicateError, StoreFaultError } from './database.ts';

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith(code);
}

/** Does a piece of work with SQLite; what is thrown is in the words of the store. `path` is its file. */
export function inWords<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    const isDuplicate = ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].some((code) =>
      hasCode(error, code),
    );
    if (isDuplicate) throw new DuplicateError(error.message);
    const fault = storageFaultOf(error);
    if (fault === undefined) throw error;
    const cause = VAGUE.has(fault) ? (whyNothingIsWritten(dirname(path)) ?? error) : error;
    const known = storageFaultOf(cause) ?? fault;
    const message = `${path}: ${storageFaults[known]} SQLite says: ${error.message}.`;
    throw new StoreFaultError(known, message, { cause });
  }
}

/** SQLite keeps to itself what the system told it. */
const VAGUE: ReadonlySet<StorageFault> = new Set(['disk_failed', 'not_opened']);

function whyNothingIsWritten(folder: string): unknown {
  const file = join(folder, 'try-writing-again');
  try {
    writeFileSync(file, TRIED, { mode: 0o600 });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    rmSync(file, { force: true });
  }
}
