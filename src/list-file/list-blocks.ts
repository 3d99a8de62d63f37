import { crc32 } from 'node:zlib';
import { Block, MAX_APART } from './block.ts';
import type { NumberMemory } from './block-numbers.ts';
import type { FileOutput } from './file-output.ts';

/** A row with its bytes, or the place of one that is gone. */
export type ChangedRow = { slot: number; changed: number; body: Uint8Array | null };

type Row = ChangedRow & { body: Uint8Array };

export const ROWS_IN_BLOCK = 64;
const COMMA = 0x2c;

/** Where blocks are put: the file, and the memory of their numbers. */
export type BlockOutput = { output: FileOutput; numbers: NumberMemory };

/** Writes rows in blocks; those that are gone are left out. */
export function writeBlocks(
  rows: readonly ChangedRow[],
  target: BlockOutput,
  blocks: Block[],
): void {
  const kept = rows.filter((row): row is Row => row.body !== null);
  for (let start = 0; start < kept.length; ) {
    const end = endOfBlock(kept, start);
    blocks.push(writeBlock(kept.slice(start, end), target));
    start = end;
  }
}

/** Up to where rows fit into one block. */
function endOfBlock(rows: readonly Row[], start: number): number {
  const { slot: firstSlot, changed } = rows[start] as Row;
  let [lowest, highest] = [changed, changed];
  let end = start + 1;
  for (; end < rows.length && end < start + ROWS_IN_BLOCK; end++) {
    const row = rows[end] as Row;
    lowest = Math.min(lowest, row.changed);
    highest = Math.max(highest, row.changed);
    if (row.slot - firstSlot > MAX_APART || highest - lowest > MAX_APART) break;
  }
  return end;
}

function writeBlock(rows: readonly Row[], { output, numbers: memory }: BlockOutput): Block {
  const length = rows.reduce((sum, { body }) => sum + body.length + 1, 0);
  const firstSlot = (rows[0] as Row).slot;
  const firstChange = Math.min(...rows.map(({ changed }) => changed));
  const { bytes, offset } = output.take(length);
  const numbers: number[] = Array(3 * rows.length);
  let at = 0;
  for (const [row, { slot, changed, body }] of rows.entries()) {
    bytes.set(body, at);
    at += body.length;
    bytes[at++] = COMMA;
    numbers[row] = slot - firstSlot;
    numbers[rows.length + row] = changed - firstChange;
    numbers[2 * rows.length + row] = at;
  }
  const place = { offset, length, checksum: crc32(bytes), firstSlot, firstChange };
  return new Block(place, memory.keep(numbers));
}

/** The rows of a block, of which these are the bytes. */
export function rowsOf(block: Block, bytes: Uint8Array): ChangedRow[] {
  return Array.from({ length: block.rowCount }, (_, row) => ({
    slot: block.slotOf(row),
    changed: block.changeOf(row),
    body: bytes.subarray(block.beginOf(row), block.endOf(row) - 1),
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
