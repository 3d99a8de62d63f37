import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import type { Block } from './list-blocks.ts';

/** What is needed to open a list file again: where its rows lie, and how far it has come. */
export type ListIndex = {
  blocks: readonly Block[];
  /** The name of the file that holds the rows, beside the index. */
  rowsFile: string;
  /** How much of that file counts; what lies behind it was written later. */
  size: number;
  /** The file holds every change of the list up to this one. */
  position: number;
};

type Header = Omit<ListIndex, 'blocks'> & {
  format: number;
  /** The start of the machine during which it was written. */
  boot: string;
  blockCount: number;
  rowCount: number;
  hash: string;
};

const FORMAT = 1;
const HEADER_BYTES = 1024;

/**
 * Writes the index beside its rows, in place of the one before. Nothing is synced: an index counts only until the
 * machine starts anew, and until then the system keeps what a process wrote, however that ended.
 */
export function saveIndex(path: string, { blocks, ...facts }: ListIndex): void {
  const boot = bootOfMachine();
  if (boot === undefined) return;
  const rowCount = blocks.reduce((sum, block) => sum + block.slots.length, 0);
  const tables = new ArrayBuffer(blocks.length * 24 + rowCount * 20);
  const parts = partsOf(tables, blocks.length, rowCount);
  let row = 0;
  for (const [index, { offset, length, slots, changes, ends }] of blocks.entries()) {
    parts.blocks.set([offset, length, slots.length], index * 3);
    parts.slots.set(slots, row);
    parts.changes.set(changes, row);
    parts.ends.set(ends, row);
    row += slots.length;
  }
  const bytes = new Uint8Array(tables);
  const header: Header = {
    ...facts,
    format: FORMAT,
    boot,
    blockCount: blocks.length,
    rowCount,
    hash: hashOf(bytes),
  };
  const start = Buffer.alloc(HEADER_BYTES, ' ');
  start.write(JSON.stringify(header));
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, start);
    writeFileSync(file, bytes);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

/** The index as it was saved; undefined where there is none, it is torn, or the machine has started anew since. */
export function loadIndex(path: string): ListIndex | undefined {
  let saved: { header: Header; bytes: Uint8Array<ArrayBuffer> };
  try {
    saved = readParts(path);
  } catch {
    return undefined;
  }
  const { header, bytes } = saved;
  const { format, boot, blockCount, rowCount, hash, ...facts } = header;
  const isWhole = bytes.length === blockCount * 24 + rowCount * 20;
  if (format !== FORMAT || boot !== bootOfMachine() || !isWhole || hash !== hashOf(bytes))
    return undefined;
  const parts = partsOf(bytes.buffer, blockCount, rowCount);
  let row = 0;
  const blocks = Array.from({ length: blockCount }, (_, index): Block => {
    const [offset = 0, length = 0, count = 0] = parts.blocks.subarray(index * 3, index * 3 + 3);
    const [from, to] = [row, row + count];
    row = to;
    return {
      offset,
      length,
      slots: parts.slots.subarray(from, to),
      changes: parts.changes.subarray(from, to),
      ends: parts.ends.subarray(from, to),
    };
  });
  return { ...facts, blocks };
}

/** What the file holds; its tables, which may be long, are read to where they stay. */
function readParts(path: string): { header: Header; bytes: Uint8Array<ArrayBuffer> } {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(HEADER_BYTES);
    readSync(file, start);
    const bytes = new Uint8Array(Math.max(0, fstatSync(file).size - HEADER_BYTES));
    const length = readSync(file, bytes, 0, bytes.length, HEADER_BYTES);
    return { header: JSON.parse(start.toString()), bytes: bytes.subarray(0, length) };
  } finally {
    closeSync(file);
  }
}

/** The tables one after the other: three numbers for each block, then slot, change and end for each row. */
function partsOf(tables: ArrayBuffer, blockCount: number, rowCount: number) {
  const slotsAt = blockCount * 24;
  const changesAt = slotsAt + rowCount * 8;
  return {
    blocks: new Float64Array(tables, 0, blockCount * 3),
    slots: new Float64Array(tables, slotsAt, rowCount),
    changes: new Float64Array(tables, changesAt, rowCount),
    ends: new Uint32Array(tables, changesAt + rowCount * 8, rowCount),
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What the running system calls its own start; undefined where it does not say. */
function bootOfMachine(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
