import { readdirSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import type { Database as Connection } from 'better-sqlite3';

/** How much of the index of a write-ahead log every commit writes anew (https://sqlite.org/walformat.html, 2.2). */
const HEADER_NUMBERS = 12;

/**
 * A function that answers a number, which is a higher one after each commit to a SQLite file in WAL mode, whichever process
 * made it: several times faster than any statement, as it takes no lock. Undefined where the system does not let us look.
 *
 * @param path of a file that was read from, by a connection of this process that stays open.
 */
export function commitsInIndex(path: string): (() => number) | undefined {
  const index = openedByThisProcess(`${realpathSync(path)}-shm`);
  if (index === undefined) return undefined;
  const header = new Uint32Array(HEADER_NUMBERS);
  const lastHeader = new Uint32Array(HEADER_NUMBERS);
  let commits = 0;
  return () => {
    readSync(index, header, 0, header.byteLength, 0);
    if (header.some((number, place) => number !== lastHeader[place])) {
      lastHeader.set(header);
      commits++;
    }
    return commits;
  };
}

/**
 * The same, by the statement that SQLite has for it (https://sqlite.org/pragma.html#pragma_data_version).
 *
 * @param reader never writes: it is told of the commits of all other connections, and not of its own.
 */
export function commitsSeenBy(reader: Connection): () => number {
  const version = reader.prepare('pragma data_version').pluck();
  let last: unknown;
  let commits = 0;
  return () => {
    const now = version.get();
    if (now !== last) commits++;
    last = now;
    return commits;
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
