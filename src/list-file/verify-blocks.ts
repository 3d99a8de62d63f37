import { DamagedFileError } from '../storage-fault.ts';
import { type Block, signedCrc32 } from './block.ts';
import type { HeldFile } from './held-file.ts';
import { numbersLength } from './row-numbers.ts';

/** So much is looked through without others having a turn. */
const BYTES_AT_ONCE = 512 * 1024;
/** About as many as have their numbers in one place. */
const BLOCKS_AT_ONCE = 256;

/** A part of the file that has a checksum of its own. */
type Part = { offset: number; length: number; checksum: number };

/**
 * Looks whether every block and its numbers are as they were written, and the file still has its name, while others have
 * their turn.
 *
 * @throws DamagedFileError
 */
export async function verifyBlocks(file: HeldFile, blocks: readonly Block[]): Promise<void> {
  // One for all parts: a long list would leave hundreds of them behind each time.
  const memory = new GrowingBuffer();
  for (let from = 0; from < blocks.length; from += BLOCKS_AT_ONCE) {
    const parts = blocks.slice(from, from + BLOCKS_AT_ONCE).flatMap(partsOf);
    parts.sort((a, b) => a.offset - b.offset);
    await verifyParts(file, parts, memory);
  }
  if (!file.isInPlace) {
    throw new DamagedFileError(`The list file ${file.path} was removed from its place.`);
  }
}

/** @throws DamagedFileError where these are not the bytes of this part. */
export function verifyPart({ checksum }: Pick<Part, 'checksum'>, bytes: Uint8Array): void {
  if (signedCrc32(bytes) === checksum) return;
  throw new DamagedFileError('Rows of a list file differ from what was written.');
}

function partsOf(block: Block): Part[] {
  const { numbersOffset: offset, numbersChecksum: checksum } = block;
  return [block, { offset, length: numbersLength(block), checksum }];
}

async function verifyParts(
  file: HeldFile,
  parts: readonly Part[],
  memory: GrowingBuffer,
): Promise<void> {
  for (let from = 0; from < parts.length; ) {
    const to = endOfPiece(parts, from);
    const { offset } = parts[from] as Part;
    const last = parts[to - 1] as Part;
    const bytes = memory.take(last.offset + last.length - offset);
    await file.readAside(bytes, offset);
    for (const part of parts.slice(from, to)) {
      const begin = part.offset - offset;
      verifyPart(part, bytes.subarray(begin, begin + part.length));
    }
    from = to;
  }
}

/** Up to where parts lie together that are read at once. */
function endOfPiece(parts: readonly Part[], start: number): number {
  const { offset } = parts[start] as Part;
  let end = start + 1;
  for (; end < parts.length; end++) {
    const before = parts[end - 1] as Part;
    const part = parts[end] as Part;
    const isNext = part.offset === before.offset + before.length;
    if (!isNext || part.offset + part.length - offset > BYTES_AT_ONCE) break;
  }
  return end;
}

class GrowingBuffer {
  #bytes = Buffer.alloc(0);

  take(length: number): Buffer {
    if (this.#bytes.length < length) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(length, BYTES_AT_ONCE));
    }
    return this.#bytes.subarray(0, length);
  }
}
