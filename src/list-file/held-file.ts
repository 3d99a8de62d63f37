import { closeSync, openSync, readSync, rmSync } from 'node:fs';

/**
 * An open file that several readers use: it is closed when the last of them is done with it, even if its name is gone
 * by then. Whoever opens it holds it; each further holder says so.
 */
export class HeldFile {
  readonly path: string;
  readonly descriptor: number;
  #holders = 1;

  /** @param flags as for `open`: `wx+` for a new file, `r+` for one that is there. */
  constructor(path: string, flags: 'wx+' | 'r+') {
    this.path = path;
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

  /** Fills a part of the target with what lies at the offset. */
  readInto(target: Uint8Array, at: number, offset: number, length: number): void {
    let done = 0;
    while (done < length) {
      const read = readSync(this.descriptor, target, at + done, length - done, offset + done);
      if (read === 0) throw new Error('A list file ends before its rows do.');
      done += read;
    }
  }
}
