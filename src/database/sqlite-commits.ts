import { readdirSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import type { Database as Connection } from 'better-sqlite3';
import { mapFile } from '../memory-map.ts';

/** How much of the index of a write-ahead log every commit writes anew (https://sqlite.org/walformat.html, 2.2). */
const HEADER_NUMBERS = 12;
/** Which of these numbers counts the commits. */
const COUNT = 2;

/** Counts commits to a SQLite file, whichever process made them; a number stays as it is once nobody counts any more. */
export type CommitCounter = { count(): number; close(): void };

/**
 * A counter of the commits to a file in WAL mode, several times faster than any statement, as it takes no lock. The number
 * is higher by one only after one commit. Undefined where the system does not let us look.
 *
 * @param path of a file that was read from, by a connection of this process that stays open until the counter is closed.
 */
export function commitsInIndex(path: string): CommitCounter | undefined {
  const index = openedByThisProcess(`${realpathSync(path)}-shm`);
  if (index === undefined) return undefined;
  const { read, close } = headerOf(index);
  const last = new Uint32Array(HEADER_NUMBERS);
  const now = new Uint32Array(HEADER_NUMBERS);
  let commits = 0;
  return {
    count() {
      // Once, as others write to it meanwhile. There is nothing to be read after it was closed.
      now.set(read());
      let place = 0;
      while (place < HEADER_NUMBERS && now[place] === last[place]) place++;
      if (place < HEADER_NUMBERS) {
        const more = (now[COUNT] as number) - (last[COUNT] as number);
        // After a crash the log is read again, and what it counts begins again.
        commits += more > 0 ? more : 2;
        last.set(now);
      }
      return commits;
    },
    close,
  };
}

/**
 * What reads the header of an index. It is mapped where that is possible, as SQLite itself has it: as long as a connection
 * has it open, nobody cuts it.
 */
function headerOf(index: number): { read: () => Uint32Array; close: () => void } {
  const length = HEADER_NUMBERS * Uint32Array.BYTES_PER_ELEMENT;
  const mapped = mapFile(index, 0, length);
  if (mapped) {
    const header = new Uint32Array(mapped.view);
    return { read: () => header, close: mapped.unmap };
  }
  let header = new Uint32Array(HEADER_NUMBERS);
  return {
    read() {
      if (header.length > 0) readSync(index, header, 0, length, 0);
      return header;
    },
    close() {
      header = new Uint32Array(0);
    },
  };
}

/**
 * The same, by the statement that SQLite has for it (https://sqlite.org/pragma.html#pragma_data_version).
 *
 * @param reader never writes: it is told of the commits of all other connections, and not of its own.
 */
export function commitsSeenBy(reader: Connection): CommitCounter {
  const version = reader.prepare('pragma data_version').pluck();
  let last: unknown;
  let commits = 0;
  return {
    count() {
      const now = reader.open ? version.get() : last;
      // By two: it may have been several.
      if (now !== last) commits += 2;
      last = now;
      return commits;
    },
    close: () => undefined,
  };
}

/**
 * The descriptor under which SQLite itself has a file open. Never one of our own: when a process closes any of its
 * descriptors of a file, the system lets go of all its locks on that file (fcntl(2)).
 */
export function openedByThisProcess(path: string): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const folder = '/proc/self/fd';
  const name = readdirSync(folder).find((descriptor) => {
    try {
      return readlinkSync(`${folder}/${descriptor}`) === path;
    } catch {
      return false; // what the folder was read with is closed by now
    }
  });
  return name === undefined ? undefined : Number(name);
}
