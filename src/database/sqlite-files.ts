import { statSync } from 'node:fs';
import { storageFaults } from '../storage-fault.ts';
import { StoreFaultError } from './database.ts';

/** The file of a store, and what SQLite keeps beside it as long as anybody has it open. */
const ENDS = ['', '-wal', '-shm'] as const;

/**
 * A function that looks whether the files of a SQLite store are still those that this process has open. Another file under
 * the same name is another store: what is written to ours would be lost with this process, whatever was answered.
 *
 * @param path of a file that was read from, by a connection of this process that stays open: its number is nobody else's.
 * @returns what throws StoreFaultError `store_replaced` where they are not.
 */
export function requireSameFiles(path: string): () => void {
  const opened = ENDS.map((end) => identityOf(path, end));
  return () => {
    for (const [index, end] of ENDS.entries()) {
      const now = identityOf(path, end);
      if (now !== undefined && now !== opened[index]) {
        throw new StoreFaultError(
          'store_replaced',
          `${path}${end}: ${storageFaults.store_replaced}`,
        );
      }
    }
  };
}

/** What no two files have in common; undefined where the system does not say. */
function identityOf(path: string, end: (typeof ENDS)[number]): string | undefined {
  try {
    const found = statSync(path + end, { bigint: true, throwIfNoEntry: false });
    if (found === undefined) return 'none';
    // SQLite never takes a store's file back to nothing; the log it does.
    const isEmptied = end === '' && found.size === 0n;
    return `${found.dev}/${found.ino}${isEmptied ? ' empty' : ''}`;
  } catch {
    return undefined;
  }
}
