/** No buffer is smaller, so that most are of use for most pages. */
const STEP_BYTES = 256 * 1024;

/**
 * Memory in which pages are made that are sent once and not kept. Used again and again: new memory costs more than
 * reading a page into it does. It holds what was in it before; whoever takes some writes all that is sent of it.
 */
export class PageBuffers {
  readonly #maxFreeBytes: number;
  #freeBytes = 0;
  /** What was given back last stands last: the processor has it at hand. */
  readonly #free: ArrayBufferLike[] = [];

  constructor({ maxFreeBytes = 16 * 1024 * 1024 } = {}) {
    this.#maxFreeBytes = maxFreeBytes;
  }

  /** A buffer of at least this length. One that is never given back is lost for others, and does no harm. */
  take(length: number): Buffer {
    const index = this.#free.findLastIndex(({ byteLength }) => byteLength >= length);
    if (index === -1) return Buffer.allocUnsafeSlow(Math.ceil(length / STEP_BYTES) * STEP_BYTES);
    const [memory] = this.#free.splice(index, 1) as [ArrayBufferLike];
    this.#freeBytes -= memory.byteLength;
    return Buffer.from(memory);
  }

  /** Gives back what was taken, by any part of it, once nothing reads it any more. */
  release({ buffer: memory }: Buffer): void {
    if (this.#freeBytes + memory.byteLength > this.#maxFreeBytes) return;
    this.#free.push(memory);
    this.#freeBytes += memory.byteLength;
  }
}
