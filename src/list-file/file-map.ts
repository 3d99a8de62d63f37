import { type Mapped, mapFile } from '../memory-map.ts';

/** Bytes that lie together in a file. */
export type Range = { offset: number; length: number };

/** A multiple of every page size of memory; a file that grows past one gets another. */
const WINDOW_BYTES = 64 * 1024 * 1024;

type Window = { bytes: Buffer; unmap: Mapped['unmap'] };

/**
 * The bytes of an open file as memory, by windows that are mapped when they are first asked for. What is written to the
 * file later is in them, too. Behind the end of the file there is nothing to be read: whoever asks has looked where it is.
 */
export class FileMap {
  readonly #descriptor: number;
  /** By their place in the file; undefined where the system refused. */
  readonly #windows: (Window | undefined)[] = [];

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * What lies there, uncopied, in as many Buffers as it has ranges and they have windows; undefined where it cannot be
   * mapped. To be given to sockets alone, which report a file that was cut meanwhile (EFAULT): reading it in this process
   * would end that.
   */
  slices(ranges: readonly Range[]): Buffer[] | undefined {
    const slices: Buffer[] = [];
    for (const { offset, length } of ranges) {
      for (let done = 0; done < length; ) {
        const at = (offset + done) % WINDOW_BYTES;
        const window = this.#window((offset + done - at) / WINDOW_BYTES);
        if (window === undefined) return undefined;
        const slice = window.bytes.subarray(at, Math.min(WINDOW_BYTES, at + length - done));
        slices.push(slice);
        done += slice.length;
      }
    }
    return slices;
  }

  /** Empties every Buffer that was given, and takes the memory back. */
  close(): void {
    for (const window of this.#windows) window?.unmap();
    this.#windows.length = 0;
  }

  #window(number: number): Window | undefined {
    if (!(number in this.#windows)) {
      const mapped = mapFile(this.#descriptor, number * WINDOW_BYTES, WINDOW_BYTES);
      this.#windows[number] = mapped && { bytes: Buffer.from(mapped.view), unmap: mapped.unmap };
    }
    return this.#windows[number];
  }
}
