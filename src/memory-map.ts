import type koffi from 'koffi';

/** Where nothing can be mapped: all bits set, which is -1 as a signed number. */
const MAP_FAILED = -1n;
/** The same numbers on Linux, macOS and the BSDs (POSIX leaves them open). */
const PROT_READ = 1;
const MAP_SHARED = 1;

type Address = number | bigint;

/** A part of a file as memory of this process, to be read only. */
export type Mapped = {
  view: ArrayBuffer;
  /** Empties `view` and every view of it, and takes the memory back. */
  unmap(): void;
};

type Map = (descriptor: number, offset: number, length: number) => Mapped | undefined;

const map: Map | undefined = await import('koffi')
  .then(({ default: library }) => mapWith(library))
  .catch(() => undefined);

/**
 * Maps a part of an open file; undefined where that cannot be done: it takes a 64-bit system with `mmap`, for which there is
 * a binding to the C library. What is written to the file later is in it, too. Reading
 * what lies behind the end of the file, or what is cut off later, ends the process.
 *
 * @param offset a multiple of the size of a page of memory.
 */
export function mapFile(descriptor: number, offset: number, length: number): Mapped | undefined {
  return map?.(descriptor, offset, length);
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/functions/mmap.html */
function mapWith(library: typeof koffi): Map | undefined {
  if (library.sizeof('void *') !== 8) return undefined;
  const c = library.load(null);
  const mmap: (...args: unknown[]) => Address = c.func(
    'intptr_t mmap(intptr_t address, size_t length, int protection, int flags, int file, int64_t offset)',
  );
  const munmap = c.func('int munmap(intptr_t address, size_t length)');
  return (descriptor, offset, length) => {
    const address = mmap(0, length, PROT_READ, MAP_SHARED, descriptor, offset);
    if (BigInt(address) === MAP_FAILED) return undefined;
    const view = library.view(address, length);
    return {
      view,
      unmap() {
        // First nothing may be over it any more: its address may come back as that of something else.
        view.transfer(0);
        munmap(address, length);
      },
    };
  };
}
