import type { FileOutput } from './file-output.ts';

/** Rows that lie together in a file, each followed by a comma: where they lie, and for each row what is needed of it. */
export type Block = {
  offset: number;
  length: number;
  slots: Float64Array;
  /** The number of the change that last touched the row: no two versions of any row have the same. */
  changes: Float64Array;
  /** Where the row ends within the block, its comma included. */
  ends: Uint32Array;
};

/** A row with its bytes, or the place of one that is gone. */
export type ChangedRow = { slot: number; changed: number; body: Uint8Array | null };

export const ROWS_IN_BLOCK = 64;
const COMMA = 0x2c;

/** Writes rows in blocks; those that are gone are left out. */
export function writeBlocks(
  rows: readonly ChangedRow[],
  output: FileOutput,
  blocks: Block[],
): void {
  const kept = rows.filter((row): row is ChangedRow & { body: Uint8Array } => row.body !== null);
  for (let start = 0; start < kept.length; start += ROWS_IN_BLOCK) {
    const some = kept.slice(start, start + ROWS_IN_BLOCK);
    const length = some.reduce((sum, { body }) => sum + body.length + 1, 0);
    const bytes = Buffer.allocUnsafe(length);
    const slots = new Float64Array(some.length);
    const changes = new Float64Array(some.length);
    const ends = new Uint32Array(some.length);
    let at = 0;
    for (const [index, { slot, changed, body }] of some.entries()) {
      bytes.set(body, at);
      at += body.length;
      bytes[at++] = COMMA;
      slots[index] = slot;
      changes[index] = changed;
      ends[index] = at;
    }
    blocks.push({ offset: output.write(bytes), length, slots, changes, ends });
  }
}

/** The rows of a block, of which these are the bytes. */
export function rowsOf({ slots, changes, ends }: Block, bytes: Uint8Array): ChangedRow[] {
  return Array.from(slots, (slot, index) => {
    const from = index === 0 ? 0 : (ends[index - 1] as number);
    const body = bytes.subarray(from, (ends[index] as number) - 1);
    return { slot, changed: changes[index] as number, body };
  });
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
