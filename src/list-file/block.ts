import { crc32 } from 'node:zlib';
import type { BlockNumbers, NumberMemory } from './block-numbers.ts';

/** Where a block lies in the file, what its bytes add up to, and the numbers that those of its rows are kept relative to. */
export type BlockPlace = {
  offset: number;
  length: number;
  /** CRC-32 of its bytes. */
  checksum: number;
  firstSlot: number;
  firstChange: number;
};

/** So far apart the slots, and the changes, of one block may be. */
export const MAX_APART = 2 ** 32 - 1;

/**
 * Rows that lie together in a file, each followed by a comma: where they lie, and for each row what is needed of it, in
 * 6 or 12 bytes. A million rows are a million of these. It never changes.
 */
export class Block implements BlockPlace {
  readonly offset: number;
  readonly length: number;
  readonly checksum: number;
  /** The slot of the first row; the others have higher ones. */
  readonly firstSlot: number;
  /** The lowest change of any row. */
  readonly firstChange: number;
  /** The highest change of any row. */
  readonly lastChange: number;
  /** The slot of every row, then the change of every row, then where every row ends within the block. */
  readonly numbers: BlockNumbers;

  constructor(
    { offset, length, checksum, firstSlot, firstChange }: BlockPlace,
    numbers: BlockNumbers,
  ) {
    this.offset = offset;
    this.length = length;
    this.checksum = checksum;
    this.firstSlot = firstSlot;
    this.firstChange = firstChange;
    this.numbers = numbers;
    this.lastChange = this.lastChangeOf(0, this.rowCount);
  }

  get rowCount(): number {
    return this.numbers.length / 3;
  }

  slotOf(row: number): number {
    return this.firstSlot + (this.numbers[row] as number);
  }

  /** The number of the change that last touched the row: no two versions of any row have the same. */
  changeOf(row: number): number {
    return this.firstChange + (this.numbers[this.rowCount + row] as number);
  }

  /** The highest change of the rows from one up to another. */
  lastChangeOf(from: number, to: number): number {
    let last = 0;
    for (let row = from; row < to; row++) {
      last = Math.max(last, this.numbers[this.rowCount + row] as number);
    }
    return this.firstChange + last;
  }

  /** Where the row begins within the block. */
  beginOf(row: number): number {
    return row === 0 ? 0 : this.endOf(row - 1);
  }

  /** Where the row ends within the block, its comma included. */
  endOf(row: number): number {
    return this.numbers[2 * this.rowCount + row] as number;
  }

  /** Whether these, which were read from its place, are its bytes. */
  isOf(bytes: Uint8Array): boolean {
    return crc32(bytes) === this.checksum;
  }

  /** The same rows where they, and their numbers, lie elsewhere. */
  at(offset: number, memory: NumberMemory): Block {
    return new Block({ ...this, offset }, memory.keep(this.numbers));
  }
}
