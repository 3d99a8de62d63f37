import type { Block } from './block.ts';
import { numbersLength } from './row-numbers.ts';

/** Other blocks, or none, in place of the one at an index. */
export type Replacement = { index: number; blocks: readonly Block[] };

/** Rows that follow on each other in a block: from one up to, and without, another. */
export type BlockPart = { block: Block; from: number; to: number };

/**
 * The blocks of a list file in the order of its rows, and where ranks and slots are among them. It never changes. Tables of
 * which each only adds to the one before share their arrays, of which each knows how much is its own.
 */
export class BlockTable {
  static readonly empty = new BlockTable([], [0], 0);

  readonly #blocks: Block[];
  /** How many rows lie before each block, and in all. */
  readonly #rowsBefore: number[];
  readonly blockCount: number;
  /** How much of the file they take, with the numbers of their rows. */
  readonly byteLength: number;

  private constructor(blocks: Block[], rowsBefore: number[], byteLength: number) {
    this.#blocks = blocks;
    this.#rowsBefore = rowsBefore;
    this.blockCount = blocks.length;
    this.byteLength = byteLength;
  }

  /** All of them, in an array that nobody adds to. */
  get blocks(): readonly Block[] {
    return this.#blocks.slice(0, this.blockCount);
  }

  /** Undefined past the last one. */
  blockAt(index: number): Block | undefined {
    return index < this.blockCount ? this.#blocks[index] : undefined;
  }

  /** How many rows there are. */
  get rowCount(): number {
    return this.rowsBefore(this.blockCount);
  }

  /** The table with some blocks replaced, in the order of their indexes, and some added. A block that stays costs next to nothing. */
  with(replacements: readonly Replacement[], added: readonly Block[]): BlockTable {
    // A long list that is read in many pieces would otherwise be copied with each of them.
    const isGrowing = replacements.length === 0 && this.#isLatest && this !== BlockTable.empty;
    const blocks: Block[] = isGrowing ? this.#blocks : [];
    const rowsBefore = isGrowing ? this.#rowsBefore : [0];
    let rows = isGrowing ? this.rowCount : 0;
    let { byteLength } = this;
    let next = isGrowing ? this.blockCount : 0;
    const keepUpTo = (index: number) => {
      for (; next < index; next++) {
        rows += this.rowsBefore(next + 1) - this.rowsBefore(next);
        blocks.push(this.#blocks[next] as Block);
        rowsBefore.push(rows);
      }
    };
    const add = (block: Block) => {
      rows += block.rowCount;
      byteLength += bytesOf(block);
      blocks.push(block);
      rowsBefore.push(rows);
    };
    for (const { index, blocks: others } of replacements) {
      keepUpTo(index);
      byteLength -= bytesOf(this.#blocks[index] as Block);
      next++;
      others.forEach(add);
    }
    keepUpTo(this.blockCount);
    added.forEach(add);
    return new BlockTable(blocks, rowsBefore, byteLength);
  }

  /** Whether no later table has added to its arrays. */
  get #isLatest(): boolean {
    return this.#blocks.length === this.blockCount;
  }

  /** How many rows lie before the block. */
  rowsBefore(index: number): number {
    return this.#rowsBefore[index] as number;
  }

  /** The index of the block in which the row of a rank is, or would be after the last one. */
  indexOfRank(rank: number): number {
    return Math.max(
      0,
      lastIndex(this.blockCount, (index) => this.rowsBefore(index) <= rank),
    );
  }

  /** The index of the last block that begins at this slot or before it; -1 where none does. */
  indexOfSlot(slot: number): number {
    return lastIndex(this.blockCount, (index) => (this.#blocks[index] as Block).firstSlot <= slot);
  }

  /** Where the rows from the `start`-th on are, at most `count`: in each block those from one up to another. */
  partsOf(start: number, count: number): BlockPart[] {
    const end = Math.min(start + count, this.rowCount);
    const parts: BlockPart[] = [];
    for (let index = this.indexOfRank(start), rank = start; rank < end; index++) {
      const block = this.#blocks[index] as Block;
      const before = this.rowsBefore(index);
      const to = Math.min(end - before, block.rowCount);
      parts.push({ block, from: rank - before, to });
      rank = before + to;
    }
    return parts;
  }
}

function bytesOf(block: Block): number {
  return block.length + numbersLength(block);
}

/** The last index below a length for which something holds that holds up to there and not after; -1 where it never does. */
function lastIndex(length: number, holds: (index: number) => boolean): number {
  let low = -1;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
