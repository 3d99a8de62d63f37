import { type Mapped, mapFile } from '../memory-map.ts';

/** Bytes that lie together in a file. */
export type Range = { offset: number; length: number };

/** The first window of a file, a multiple of every page size of memory; each further one doubles what is mapped. */
const FIRST_BYTES = 256 * 1024;
/** No window is longer. */
const LONGEST_BYTES = 64 * 1024 * 1024;

type Window = { start: number; bytes: Buffer; unmap: Mapped['unmap'] };

/**
 * The bytes of an open file as memory, by windows that are mapped when they are first asked for. They are about as long as
 * the file: V8 counts them as memory, and collects garbage when that grows. What is written to the file later is in them,
 * too. Behind the end of the file there is nothing to be read: callers check where it ends.
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
        const window = this.#windowAt(offset + done);
        if (window === undefined) return undefined;
        const at = offset + done - window.start;
        const slice = window.bytes.subarray(at, at + length - done);
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

  #windowAt(offset: number): Window | undefined {
    const { number, start, length } = windowOf(offset);
    if (!(number in this.#windows)) {
      const mapped = mapFile(this.#descriptor, start, length);
      this.#windows[number] = mapped && {
        start,
        bytes: Buffer.from(mapped.view),
        unmap: mapped.unmap,
      };
    }
    return this.#windows[number];
  }
}

/** Which window a place in a file is in, and what of the file that window has. */
function windowOf(offset: number): { number: number; start: number; length: number } {
  if (offset < FIRST_BYTES) return { number: 0, start: 0, length: FIRST_BYTES };
  if (offset < LONGEST_BYTES) {
    const number = 32 - Math.clz32(offset / FIRST_BYTES);
    const start = FIRST_BYTES * 2 ** (number - 1);
    return { number, start, length: start };
  }
  const number = Math.floor(offset / LONGEST_BYTES);
  return {
    // After all shorter ones.
    number: number + Math.log2(LONGEST_BYTES / FIRST_BYTES),
    start: number * LONGEST_BYTES,
    length: LONGEST_BYTES,
  };
}
