import { Block, type BlockFacts, MAX_APART, signedCrc32 } from './block.ts';
import type { FileOutput } from './file-output.ts';
import { RowNumbers } from './row-numbers.ts';

/** A row with its bytes, or the place of one that is gone. */
export type ChangedRow = { slot: number; changed: number; body: Uint8Array | null };

type Row = ChangedRow & { body: Uint8Array };

const ROWS_IN_BLOCK = 64;
/** A block is written again with each change of a row in it. Only a block of a single row is longer. */
const MOST_BYTES = 256 * 1024;
/** The rows of so many blocks lie together, and then their numbers. */
const BLOCKS_TOGETHER = 256;
const COMMA = 0x2c;

/** Whether a block takes no more rows. */
export function isFull({ rowCount, length }: Block): boolean {
  return rowCount >= ROWS_IN_BLOCK || length >= MOST_BYTES;
}

type Waiting = {
  facts: Omit<BlockFacts, 'numbersOffset'>;
  numbers: Uint8Array;
  /** Where it is put once it is written. */
  blocks: Block[];
};

/** Writes blocks at the end of a file: the rows of many together, as pages want them, and behind them what is known of each row. */
export class BlockWriter {
  readonly #output: FileOutput;
  #waiting: Waiting[] = [];

  constructor(output: FileOutput) {
    this.#output = output;
  }

  /** Writes rows in blocks; those that are gone are left out. The blocks are in the array after `end`, in order. */
  write(rows: readonly ChangedRow[], blocks: Block[]): void {
    const kept = rows.filter((row): row is Row => row.body !== null);
    for (let start = 0; start < kept.length; ) {
      const end = endOfBlock(kept, start);
      this.#writeBlock(kept.slice(start, end), blocks);
      start = end;
    }
  }

  /** Writes a block that lies elsewhere once more, in the same way. */
  copy(numbers: RowNumbers, bytes: Uint8Array, blocks: Block[]): void {
    const { block } = numbers;
    const target = this.#output.take(block.length);
    target.bytes.set(bytes);
    this.#add({ facts: { ...block, offset: target.offset }, numbers: numbers.toBytes(), blocks });
  }

  /** Answers the size of the file. */
  end(): number {
    this.#writeNumbers();
    return this.#output.end();
  }

  #writeBlock(rows: readonly Row[], blocks: Block[]): void {
    const length = rows.reduce((sum, { body }) => sum + body.length + 1, 0);
    const { bytes, offset } = this.#output.take(length);
    const ends: number[] = [];
    let at = 0;
    for (const { body } of rows) {
      bytes.set(body, at);
      at += body.length;
      bytes[at++] = COMMA;
      ends.push(at);
    }
    const changes = rows.map(({ changed }) => changed);
    const place = {
      ...{ offset, length, checksum: signedCrc32(bytes), rowCount: rows.length },
      ...{ firstSlot: (rows[0] as Row).slot, lastSlot: (rows.at(-1) as Row).slot },
      ...{ firstChange: Math.min(...changes), lastChange: Math.max(...changes) },
    };
    const slots = rows.map(({ slot }) => slot);
    const numbers = RowNumbers.bytesOf(place, { slots, changes, ends });
    this.#add({ facts: { ...place, numbersChecksum: signedCrc32(numbers) }, numbers, blocks });
  }

  #add(block: Waiting): void {
    this.#waiting.push(block);
    if (this.#waiting.length === BLOCKS_TOGETHER) this.#writeNumbers();
  }

  #writeNumbers(): void {
    for (const { facts, numbers, blocks } of this.#waiting) {
      const { bytes, offset } = this.#output.take(numbers.length);
      bytes.set(numbers);
      blocks.push(new Block({ ...facts, numbersOffset: offset }));
    }
    this.#waiting = [];
  }
}

/** Up to where rows fit into one block. */
function endOfBlock(rows: readonly Row[], start: number): number {
  const { slot: firstSlot, changed, body } = rows[start] as Row;
  let [lowest, highest, length] = [changed, changed, body.length + 1];
  let end = start + 1;
  for (; end < rows.length && end < start + ROWS_IN_BLOCK; end++) {
    const row = rows[end] as Row;
    lowest = Math.min(lowest, row.changed);
    highest = Math.max(highest, row.changed);
    length += row.body.length + 1;
    if (row.slot - firstSlot > MAX_APART || highest - lowest > MAX_APART) break;
    if (length > MOST_BYTES) break;
  }
  return end;
}

/** The rows of a block, of which these are the bytes. */
export function rowsOf(numbers: RowNumbers, bytes: Uint8Array): ChangedRow[] {
  return Array.from({ length: numbers.block.rowCount }, (_, row) => ({
    slot: numbers.slotOf(row),
    changed: numbers.changeOf(row),
    body: bytes.subarray(numbers.beginOf(row), numbers.endOf(row) - 1),
  }));
}

/** Rows in the order of their slots, a changed one instead of the one at its slot. Both are in order already. */
export function mergeRows(
  rows: readonly ChangedRow[],
  changed: readonly ChangedRow[],
): ChangedRow[] {
  const merged: ChangedRow[] = [];
  let next = 0;
  for (const row of rows) {
    while (next < changed.length && (changed[next] as ChangedRow).slot < row.slot) {
      merged.push(changed[next++] as ChangedRow);
    }
    if (changed[next]?.slot === row.slot) merged.push(changed[next++] as ChangedRow);
    else merged.push(row);
  }
  return merged.concat(changed.slice(next));
}
