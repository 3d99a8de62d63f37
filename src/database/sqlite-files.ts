import { readSync, realpathSync, statSync } from 'node:fs';
import { storageFaults } from '../storage-fault.ts';
import { StoreFaultError } from './database.ts';
import { openedByThisProcess } from './sqlite-commits.ts';

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
  const isOverwritten = overwritesOf(path);
  const replaced = (file: string) =>
    new StoreFaultError('store_replaced', `${file}: ${storageFaults.store_replaced}`);
  return () => {
    for (const [index, end] of ENDS.entries()) {
      const now = identityOf(path, end);
      if (now !== undefined && now !== opened[index]) {
        throw replaced(path + end);
      }
    }
    if (isOverwritten()) throw replaced(path);
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

/** What SQLite keeps of the log and of how much of it is copied into the file (https://sqlite.org/walformat.html, 2.1). */
const INDEX_BYTES = 136;
/** How much of the log was copied, and how much was to be when somebody last began to. */
const BACKFILLED_AT = 96;
const BACKFILL_ATTEMPTED_AT = 128;

/**
 * A function that answers whether something other than SQLite has written to the file since it was asked last. SQLite writes
 * to it only when it copies from the log, and notes that in the index of the log, before and after.
 */
function overwritesOf(path: string): () => boolean {
  const index = openedByThisProcess(`${realpathSync(path)}-shm`);
  if (index === undefined) return () => false;
  let last: { index: Buffer; written: string } | undefined;
  let isOverwritten = false;
  const readIndex = () => {
    const bytes = Buffer.alloc(INDEX_BYTES);
    readSync(index, bytes, 0, INDEX_BYTES, 0);
    return bytes;
  };
  return () => {
    const before = readIndex();
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (isOverwritten || found === undefined) return isOverwritten;
    const written = `${found.mtimeNs}/${found.size}`;
    const isQuiet =
      before.readUInt32LE(BACKFILLED_AT) === before.readUInt32LE(BACKFILL_ATTEMPTED_AT) &&
      before.equals(readIndex());
    isOverwritten = isQuiet && last?.index.equals(before) === true && last.written !== written;
    last = isQuiet ? { index: before, written } : undefined;
    return isOverwritten;
  };
}
