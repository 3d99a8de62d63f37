import type { HeldFile } from './held-file.ts';

const BYTES_AT_ONCE = 1024 * 1024;

/** Gathers what is appended to a file into few large writes. */
export class FileOutput {
  readonly #file: HeldFile;
  #flushed: number;
  #waiting: Uint8Array[] = [];
  #waitingLength = 0;

  constructor(file: HeldFile, size: number) {
    this.#file = file;
    this.#flushed = size;
  }

  /** Answers where in the file the bytes will lie. */
  write(bytes: Uint8Array): number {
    const offset = this.#flushed + this.#waitingLength;
    this.#waiting.push(bytes);
    this.#waitingLength += bytes.length;
    if (this.#waitingLength > BYTES_AT_ONCE) this.#flush();
    return offset;
  }

  /** Writes what is left; answers the size of the file. */
  end(): number {
    this.#flush();
    return this.#flushed;
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#waiting, this.#waitingLength);
    this.#file.write(bytes, this.#flushed);
    this.#flushed += bytes.length;
    this.#waiting = [];
    this.#waitingLength = 0;
  }
}
