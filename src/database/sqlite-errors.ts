import Sqlite from 'better-sqlite3';
import { storageFaultOf, storageFaults } from '../storage-fault.ts';
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
    const message = `${path}: ${storageFaults[fault]} SQLite says: ${error.message}.`;
    throw new StoreFaultError(fault, message, { cause: error });
  }
}
