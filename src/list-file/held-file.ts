import { closeSync, fstatSync, openSync, read, readSync, statSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import {
  DamagedFileError,
  StorageFaultError,
  storageFaultOf,
  storageFaults,
} from '../storage-fault.ts';
import { FileMap, type Range } from './file-map.ts';
import { removeWhereAllowed } from './remove.ts';
import { Unwritten } from './unwritten.ts';

const readAside = promisify(read);

/**
 * An open file that several readers use: it is closed when the last of them is done with it, even if its name is gone
 * by then. Whoever opens it holds it; each further holder says so.
 *
 * What is written while the disk is full stays in memory, as far as there is room, until the disk takes it: those who read
 * notice nothing.
 */
export class HeldFile {
  readonly path: string;
  readonly descriptor: number;
  readonly #isWritable: boolean;
  readonly #unwritten = new Unwritten();
  readonly #map: FileMap;
  #holders = 1;

  /** @param flags as for `open`: `wx+` for a new file, `r+` for one that is there, `r` where it may not be written. */
  constructor(path: string, flags: 'wx+' | 'r+' | 'r') {
    this.path = path;
    this.#isWritable = flags !== 'r';
    this.descriptor = openSync(path, flags, 0o600);
    this.#map = new FileMap(this.descriptor);
  }

  /** Whether the last of its holders has released it: it must not be held again. */
  get isClosed(): boolean {
    return this.#holders === 0;
  }

  /** How much of it is on the disk. */
  get size(): number {
    return fstatSync(this.descriptor).size;
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    // Once it is closed, its number is that of another file or connection.
    if (this.#holders !== 0) return;
    this.#map.close();
    closeSync(this.descriptor);
    this.#unwritten.clear();
  }

  /**
   * Takes its name away, if somebody has not done so: nobody can open it any more, and its space is free once the last
   * holder is done. Whatever has its name by now goes, too.
   */
  unlink(): void {
    removeWhereAllowed(this.path);
  }

  /** Whether it still has its name. */
  get isInPlace(): boolean {
    const named = statSync(this.path, { throwIfNoEntry: false });
    const open = fstatSync(this.descriptor);
    return named?.ino === open.ino && named.dev === open.dev;
  }

  /**
   * Puts bytes where the file ends, or where it ended before what counts no more. @throws as the disk does, where memory has
   * no room either; DamagedFileError where the file ends before.
   */
  write(bytes: Uint8Array, offset: number): void {
    try {
      this.flush();
      this.#writeAll(bytes, offset);
    } catch (error) {
      const isOfDisk = storageFaultOf(error) !== undefined;
      if (!isOfDisk || !this.#unwritten.put(bytes, offset)) throw error;
    }
  }

  /** Writes what is in memory alone. @throws as the disk does, where it takes nothing yet. */
  flush(): void {
    if (this.#unwritten.isEmpty) return;
    let offset = this.#unwritten.start;
    for (const piece of this.#unwritten.pieces) {
      this.#writeAll(piece, offset);
      offset += piece.length;
    }
    this.#unwritten.clear();
  }

  /** Fills a part of the target with what lies at the offset. @throws DamagedFileError where that cannot be read. */
  readInto(target: Uint8Array, at: number, offset: number, length: number): void {
    const written = this.#copyUnwritten(target.subarray(at, at + length), offset);
    for (let done = 0; done < written; ) {
      const read = orDamaged(() =>
        readSync(this.descriptor, target, at + done, written - done, offset + done),
      );
      if (read === 0) throw new DamagedFileError(TOO_SHORT);
      done += read;
    }
  }

  /**
   * What lies there, without copying it, for sockets alone and only while the file is held; see FileMap. Undefined where it
   * is not in the file yet or cannot be mapped. @throws DamagedFileError where the file ends before.
   */
  slices(ranges: readonly Range[]): Buffer[] | undefined {
    let end = 0;
    for (const { offset, length } of ranges) end = Math.max(end, offset + length);
    if (end > this.#unwritten.start) return undefined;
    // Of its last page of memory, what is behind the end of the file would be read as zeros.
    if (this.size < end) throw new DamagedFileError(TOO_SHORT);
    return this.#map.slices(ranges);
  }

  /** Fills the target with what lies at the offset, while others have their turn. @throws DamagedFileError where that cannot be read. */
  async readAside(target: Buffer, offset: number): Promise<void> {
    const written = this.#copyUnwritten(target, offset);
    for (let done = 0; done < written; ) {
      const { bytesRead } = await readAside(
        this.descriptor,
        target,
        done,
        written - done,
        offset + done,
      ).catch(damaged);
      if (bytesRead === 0) throw new DamagedFileError(TOO_SHORT);
      done += bytesRead;
    }
  }

  /** Copies what is in memory alone to its place in the target; answers how much before that is in the file. */
  #copyUnwritten(target: Uint8Array, offset: number): number {
    const written = Math.max(0, Math.min(target.length, this.#unwritten.start - offset));
    if (written < target.length) this.#unwritten.copyInto(target, offset);
    return written;
  }

  #writeAll(bytes: Uint8Array, offset: number): void {
    // Else what is missing would be zeros from now on.
    if (this.size < offset) throw new DamagedFileError(TOO_SHORT);
    if (!this.#isWritable) throw new StorageFaultError('read_only', storageFaults.read_only);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.descriptor, bytes, done, bytes.length - done, offset + done);
    }
  }
}

const TOO_SHORT = 'A list file ends early.';

function damaged(cause: unknown): never {
  throw new DamagedFileError('A list file cannot be read.', { cause });
}

function orDamaged<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    return damaged(error);
  }
}
