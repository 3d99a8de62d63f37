import { closeSync, fstatSync, openSync, read, readSync, rmSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { DamagedFileError } from '../storage-fault.ts';

const readAside = promisify(read);

/**
 * An open file that several readers use: it is closed when the last of them is done with it, even if its name is gone
 * by then. Whoever opens it holds it; each further holder says so.
 */
export class HeldFile {
  readonly path: string;
  readonly descriptor: number;
  readonly isWritable: boolean;
  #holders = 1;

  /** @param flags as for `open`: `wx+` for a new file, `r+` for one that is there, `r` where it may not be written. */
  constructor(path: string, flags: 'wx+' | 'r+' | 'r') {
    this.path = path;
    this.isWritable = flags !== 'r';
    this.descriptor = openSync(path, flags, 0o600);
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) closeSync(this.descriptor);
  }

  /**
   * Takes its name away, if somebody has not done so: nobody can open it any more, and its space is free once the last
   * holder is done.
   */
  unlink(): void {
    rmSync(this.path, { force: true });
  }

  /** Whether it still has its name. */
  get isInPlace(): boolean {
    const named = statSync(this.path, { throwIfNoEntry: false });
    const open = fstatSync(this.descriptor);
    return named?.ino === open.ino && named.dev === open.dev;
  }

  /** Fills a part of the target with what lies at the offset. @throws DamagedFileError where that cannot be read. */
  readInto(target: Uint8Array, at: number, offset: number, length: number): void {
    for (let done = 0; done < length; ) {
      const read = orDamaged(() =>
        readSync(this.descriptor, target, at + done, length - done, offset + done),
      );
      if (read === 0) throw new DamagedFileError(TOO_SHORT);
      done += read;
    }
  }

  /** What lies at the offset, read while others have their turn. @throws DamagedFileError where that cannot be read. */
  async readAside(offset: number, length: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await readAside(
        this.descriptor,
        target,
        done,
        length - done,
        offset + done,
      ).catch(damaged);
      if (bytesRead === 0) throw new DamagedFileError(TOO_SHORT);
      done += bytesRead;
    }
    return target;
  }
}

const TOO_SHORT = 'A list file ends before its rows do.';

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
