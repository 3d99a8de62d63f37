import { DamagedFileError } from '../storage-fault.ts';
import type { Block } from './block.ts';
import type { HeldFile } from './held-file.ts';

/** So much is looked through without others having a turn. */
const BYTES_AT_ONCE = 512 * 1024;

/**
 * Looks whether every block is as it was written, and the file still has its name, while others have their turn.
 *
 * @throws DamagedFileError
 */
export async function verifyBlocks(file: HeldFile, blocks: readonly Block[]): Promise<void> {
  let memory = Buffer.alloc(0);
  for (let from = 0; from < blocks.length; ) {
    const to = endOfPiece(blocks, from);
    const { offset } = blocks[from] as Block;
    const last = blocks[to - 1] as Block;
    const length = last.offset + last.length - offset;
    // One for all pieces: a long list would leave hundreds of them behind each time.
    if (memory.length < length) memory = Buffer.allocUnsafeSlow(Math.max(length, BYTES_AT_ONCE));
    const bytes = memory.subarray(0, length);
    await file.readAside(bytes, offset);
    for (const block of blocks.slice(from, to)) {
      const begin = block.offset - offset;
      verifyBlock(block, bytes.subarray(begin, begin + block.length));
    }
    from = to;
  }
  if (!file.isInPlace) {
    throw new DamagedFileError(`The list file ${file.path} was taken away from its place.`);
  }
}

/** @throws DamagedFileError where these are not the bytes of the block. */
export function verifyBlock(block: Block, bytes: Uint8Array): void {
  if (block.isOf(bytes)) return;
  throw new DamagedFileError('Rows in a list file are not as they were written.');
}

/** Up to where blocks lie together that are read at once. */
function endOfPiece(blocks: readonly Block[], start: number): number {
  const { offset } = blocks[start] as Block;
  let end = start + 1;
  for (; end < blocks.length; end++) {
    const before = blocks[end - 1] as Block;
    const block = blocks[end] as Block;
    const isNext = block.offset === before.offset + before.length;
    if (!isNext || block.offset + block.length - offset > BYTES_AT_ONCE) break;
  }
  return end;
}
