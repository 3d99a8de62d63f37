import type { HeldFile } from './held-file.ts';

const BYTES_AT_ONCE = 1024 * 1024;

/** One for all: whoever writes does so to the end before anybody else has a turn. */
let shared: Buffer | undefined;

/** Gathers what is appended to a file into few large writes. */
export class FileOutput {
  readonly #file: HeldFile;
  #flushed: number;
  #buffer: Buffer;
  #waiting = 0;

  constructor(file: HeldFile, size: number) {
    this.#file = file;
    this.#flushed = size;
    shared ??= Buffer.allocUnsafeSlow(BYTES_AT_ONCE);
    this.#buffer = shared;
  }

  /** Room for bytes that will lie together, and where in the file that is; to be filled before anything else is written. */
  take(length: number): { bytes: Buffer; offset: number } {
    if (this.#waiting + length > this.#buffer.length) this.#flush();
    if (length > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(length);
    const bytes = this.#buffer.subarray(this.#waiting, this.#waiting + length);
    const offset = this.#flushed + this.#waiting;
    this.#waiting += length;
    return { bytes, offset };
  }

  /** Writes what is left; answers the size of the file. */
  end(): number {
    this.#flush();
    return this.#flushed;
  }

  #flush(): void {
    this.#file.write(this.#buffer.subarray(0, this.#waiting), this.#flushed);
    this.#flushed += this.#waiting;
    this.#waiting = 0;
  }
}
