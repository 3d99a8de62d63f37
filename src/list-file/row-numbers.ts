import { DamagedFileError } from '../storage-fault.ts';
import { type Block, signedCrc32 } from './block.ts';
import type { HeldFile } from './held-file.ts';

const NUMBERS_OF_ROW = 3;

/** Of each row of a block its slot, the number of its last change, and where it ends within the block. */
type Columns = Record<'slots' | 'changes' | 'ends', readonly number[]>;

/** For one after the other: nothing else has a turn while one is in it. */
let shared = new Uint32Array(0);

/**
 * What is known of each row of a block. In the file these are numbers of 32 bits: all slots, relative to the first; all
 * changes, relative to the lowest; where each row ends.
 */
export class RowNumbers {
  readonly block: Block;
  readonly #numbers: readonly number[];

  private constructor(block: Block, numbers: readonly number[]) {
    this.block = block;
    this.#numbers = numbers;
  }

  /** @throws DamagedFileError where they are not as they were written. */
  static read(file: HeldFile, block: Block): RowNumbers {
    const count = NUMBERS_OF_ROW * block.rowCount;
    if (shared.length < count) shared = new Uint32Array(count);
    const bytes = new Uint8Array(shared.buffer, 0, numbersLength(block));
    file.readInto(bytes, 0, block.numbersOffset, bytes.length);
    if (signedCrc32(bytes) !== block.numbersChecksum) {
      throw new DamagedFileError('The row numbers of a list file differ from what was written.');
    }
    // A buffer of its own would lie between much larger ones, and leave a hole there.
    const numbers = new Array<number>(count);
    for (let index = 0; index < count; index++) numbers[index] = shared[index] as number;
    return new RowNumbers(block, numbers);
  }

  /** The bytes as which they are in the file. */
  static bytesOf(
    { firstSlot, firstChange }: Pick<Block, 'firstSlot' | 'firstChange'>,
    { slots, changes, ends }: Columns,
  ): Uint8Array {
    return toBytes([
      ...slots.map((slot) => slot - firstSlot),
      ...changes.map((change) => change - firstChange),
      ...ends,
    ]);
  }

  toBytes(): Uint8Array {
    return toBytes(this.#numbers);
  }

  slotOf(row: number): number {
    return this.block.firstSlot + this.#at(0, row);
  }

  /** The number of the change that last touched the row: no two versions of any row have the same. */
  changeOf(row: number): number {
    return this.block.firstChange + this.#at(1, row);
  }

  /** The highest change of the rows from one up to another. */
  lastChangeOf(from: number, to: number): number {
    let last = 0;
    for (let row = from; row < to; row++) last = Math.max(last, this.#at(1, row));
    return this.block.firstChange + last;
  }

  /** Where the row begins within the block. */
  beginOf(row: number): number {
    return row === 0 ? 0 : this.endOf(row - 1);
  }

  /** Where the row ends within the block, its comma included. */
  endOf(row: number): number {
    return this.#at(2, row);
  }

  #at(column: number, row: number): number {
    return this.#numbers[column * this.block.rowCount + row] as number;
  }
}

/** How many bytes of the file the numbers of a block take. */
export function numbersLength({ rowCount }: Pick<Block, 'rowCount'>): number {
  return NUMBERS_OF_ROW * rowCount * Uint32Array.BYTES_PER_ELEMENT;
}

function toBytes(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}
