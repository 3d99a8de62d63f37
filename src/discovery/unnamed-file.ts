import { closeSync, openSync, readSync, unlinkSync } from 'node:fs';

/**
 * A file without a name: it vanishes when the last of its readers is done with it, or with the process. Whoever opens
 * it holds it; each further holder says so.
 */
export class UnnamedFile {
  readonly descriptor: number;
  #holders = 1;

  /** @param path where the file may lie; it is unlinked at once. */
  constructor(path: string) {
    this.descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) closeSync(this.descriptor);
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
