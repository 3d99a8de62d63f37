import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { systemClock } from '../clock.ts';
import { StoreBusyError } from './database.ts';

const ALL_PAGES = 0x7fff_ffff;

/**
 * Copies a store's file as it is at one moment, while others read and write it. What was in the other file is replaced in
 * one transaction: whoever has that file open sees all of the one or all of the other, even if this process is killed.
 *
 * @param waitMs how long it waits for a writer of the other file before StoreBusyError.
 */
export async function copySqlite(
  from: string,
  to: string,
  { waitMs = 30_000 } = {},
): Promise<void> {
  const source = new Sqlite(from, { fileMustExist: true });
  try {
    // All in one step: a writer of the source between two steps would make the copy begin again. A first step that finds
    // the other file locked has copied nothing of nothing.
    for (const giveUpAt = systemClock() + waitMs; ; await sleep(20)) {
      const { totalPages } = await source.backup(to, { progress: () => ALL_PAGES });
      if (totalPages > 0) break;
      if (systemClock() >= giveUpAt) {
        throw new StoreBusyError(
          `Another process has been writing to the store for more than ${waitMs / 1000} s.`,
        );
      }
    }
  } finally {
    source.close();
  }
  // What is only in the log of changes yet is in the file and on the disk after this, and the log is short again.
  const copy = new Sqlite(to);
  copy.pragma('synchronous = full');
  copy.pragma('wal_checkpoint(truncate)');
  copy.close();
}
