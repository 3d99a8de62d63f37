import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { DamagedFileError } from '../storage-fault.ts';
import { readPagesInLog } from './pages-in-log.ts';

/** Before the sums: a checksum of what follows, and the size of a page. */
const HEADER_NUMBERS = 2;
const PAGES_AT_ONCE = 256;
/** Of the page at a gigabyte, where SQLite holds its locks (https://sqlite.org/fileformat2.html, 1.4). */
const NEVER_WRITTEN = 0;

/**
 * Checksums of the pages of a SQLite file in WAL mode that this process alone uses. SQLite itself takes every page for
 * right that it can make sense of. The file changes only where pages of its log are copied into it, which happens in
 * `copyLog`: there the sums of those pages become others, and what is overwritten is looked at once more, as SQLite may
 * have made the new page from it.
 */
export class PageSums {
  readonly #path: string;
  readonly #file: number;
  readonly #pageSize: number;
  #sums: Uint32Array;
  /** Pages that were in the log already: whether they were copied is not known. */
  #unknown: ReadonlySet<number> = new Set();
  /** Up to where the pages were looked at by now. */
  #verified = 0;

  /**
   * @param path of a file that is there.
   * @param isNew takes the pages for right as they are.
   * @throws DamagedFileError where the sums are missing, or the file does not have them.
   */
  constructor(path: string, { isNew }: { isNew: boolean }) {
    this.#path = path;
    this.#file = openSync(path, 'r');
    try {
      const kept = isNew ? undefined : loadSums(sumsFile(path));
      this.#pageSize = kept?.pageSize ?? pageSizeOf(this.#file);
      this.#sums = kept?.sums ?? new Uint32Array(0);
      if (isNew) {
        this.#sums = new Uint32Array(this.#pagesInFile);
        for (const [page, sum] of this.#sumsOfFile(1, this.#pagesInFile))
          this.#sums[page - 1] = sum;
        this.#save(this.#sums);
      } else {
        this.#unknown = new Set(readPagesInLog(path, this.#pageSize).keys());
        for (let page = 1; page <= Math.max(this.#pagesInFile, this.#sums.length); page++) {
          const isThere = page <= this.#pagesInFile && page <= this.#sums.length;
          if (!isThere && !this.#unknown.has(page)) throw damaged(path);
        }
        while (!this.verify(PAGES_AT_ONCE));
      }
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  /** Looks at some pages more, and begins anew at the end; answers whether that was reached. @throws DamagedFileError */
  verify(most: number): boolean {
    if (!this.#isInPlace()) throw damaged(this.#path);
    const last = Math.min(this.#verified + most, this.#sums.length);
    this.#verifyPages(this.#verified + 1, last);
    this.#verified = last === this.#sums.length ? 0 : last;
    return this.#verified === 0;
  }

  /** Brings the sums up to what is in the log, and has it copied. @throws DamagedFileError */
  copyLog(copy: () => void): void {
    const pages = readPagesInLog(this.#path, this.#pageSize);
    if (pages.size === 0) return;
    const sums = new Uint32Array(Math.max(this.#sums.length, ...pages.keys()));
    sums.set(this.#sums);
    for (const [page, sum] of pages) {
      if (page <= this.#sums.length) this.#verifyPages(page, page);
      sums[page - 1] = sum;
    }
    // Before the log is gone: if this process is killed now, the next one knows which pages are not to be looked at.
    this.#save(sums);
    copy();
    this.#sums = sums;
    this.#unknown = new Set();
  }

  close(): void {
    closeSync(this.#file);
  }

  get pageCount(): number {
    return this.#sums.length;
  }

  get #pagesInFile(): number {
    return Math.floor(fstatSync(this.#file).size / this.#pageSize);
  }

  #isInPlace(): boolean {
    const named = statSync(this.#path, { throwIfNoEntry: false });
    const open = fstatSync(this.#file);
    return named?.ino === open.ino && named.dev === open.dev;
  }

  #verifyPages(first: number, last: number): void {
    for (const [page, sum] of this.#sumsOfFile(first, last)) {
      const known = this.#sums[page - 1];
      const isRight = sum === known || known === NEVER_WRITTEN || this.#unknown.has(page);
      if (!isRight) throw damaged(this.#path);
    }
  }

  *#sumsOfFile(first: number, last: number): Generator<[page: number, sum: number]> {
    const size = this.#pageSize;
    const bytes = sharedMemory(Math.min(last - first + 1, PAGES_AT_ONCE) * size);
    for (let from = first; from <= last; from += PAGES_AT_ONCE) {
      const count = Math.min(PAGES_AT_ONCE, last - from + 1);
      const read = readSync(this.#file, bytes, 0, count * size, (from - 1) * size);
      for (let index = 0; index < count; index++) {
        const end = (index + 1) * size;
        // A page that is cut off has no sum.
        yield [from + index, end > read ? -1 : crc32(bytes.subarray(end - size, end))];
      }
    }
  }

  #save(sums: Uint32Array): void {
    const rest = Buffer.alloc(4 * (1 + sums.length));
    rest.writeUInt32LE(this.#pageSize);
    for (const [index, sum] of sums.entries()) rest.writeUInt32LE(sum, 4 * (1 + index));
    const head = Buffer.alloc(4);
    head.writeUInt32LE(crc32(rest));
    const path = sumsFile(this.#path);
    const file = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeFileSync(file, head);
      writeFileSync(file, rest);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.new`, path);
  }
}

let shared = Buffer.alloc(0);

/** For one after the other: V8 frees what is read into only once there are 64 MB of it. */
function sharedMemory(length: number): Buffer {
  if (shared.length < length) shared = Buffer.allocUnsafeSlow(length);
  return shared;
}

/** Where the sums of a file are kept. */
export function sumsFile(path: string): string {
  return `${path}-sums`;
}

function loadSums(file: string): { pageSize: number; sums: Uint32Array } {
  if (!existsSync(file)) throw damaged(file);
  const bytes = readFileSync(file);
  const count = bytes.length / 4 - HEADER_NUMBERS;
  const isWhole = count >= 0 && Number.isInteger(count);
  if (!isWhole || crc32(bytes.subarray(4)) !== bytes.readUInt32LE()) throw damaged(file);
  const sums = Uint32Array.from({ length: count }, (_, index) =>
    bytes.readUInt32LE(4 * (HEADER_NUMBERS + index)),
  );
  return { pageSize: bytes.readUInt32LE(4), sums };
}

/** https://sqlite.org/fileformat2.html, 1.3.2: the number 1 stands for 65,536. */
function pageSizeOf(file: number): number {
  const bytes = Buffer.alloc(2);
  readSync(file, bytes, 0, 2, 16);
  return bytes.readUInt16BE() === 1 ? 65_536 : bytes.readUInt16BE();
}

function damaged(file: string): DamagedFileError {
  return new DamagedFileError(`The file ${file} differs from what was written.`);
}
