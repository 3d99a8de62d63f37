import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { Block } from './block.ts';
import { NumberMemory } from './block-numbers.ts';
import { putInPlace } from './remove.ts';

/** What is needed to open a list file again: where its rows lie, and how far it has come. */
export type ListIndex = {
  blocks: readonly Block[];
  /** The name of the file that holds the rows, beside the index. */
  rowsFile: string;
  /** How much of that file counts; what lies behind it was written later. */
  size: number;
  /** The file holds every change of the list up to this one. */
  position: number;
  /** Of a file that was made again after it was damaged, a text of its own; else empty. */
  mark: string;
};

type Header = Omit<ListIndex, 'blocks'> & {
  format: number;
  /** The start of the machine during which it was written. */
  boot: string;
  blockCount: number;
  rowCount: number;
  hash: string;
};

const FORMAT = 3;
const HEADER_BYTES = 1024;
const NUMBERS_OF_PLACE = 6;
const NUMBERS_OF_ROW = 3;

/**
 * Writes the index beside its rows, in place of the one before. Nothing is synced: an index counts only until the
 * machine starts anew, and until then the system keeps what a process wrote, however that ended.
 */
export function saveIndex(path: string, { blocks, ...facts }: ListIndex): void {
  const boot = bootOfMachine();
  if (boot === undefined) return;
  const rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0);
  const tables = new ArrayBuffer(tableBytes(blocks.length, rowCount));
  const { places, numbers } = tablesIn(tables, blocks.length, rowCount);
  let at = 0;
  for (const [index, block] of blocks.entries()) {
    const { offset, length, checksum, firstSlot, firstChange, rowCount } = block;
    const place = [offset, length, checksum, firstSlot, firstChange, rowCount];
    places.set(place, index * NUMBERS_OF_PLACE);
    numbers.set(block.numbers, at);
    at += block.numbers.length;
  }
  const bytes = new Uint8Array(tables);
  const header = { ...facts, format: FORMAT, boot, blockCount: blocks.length, rowCount };
  const start = Buffer.alloc(HEADER_BYTES, ' ');
  start.write(JSON.stringify({ ...header, hash: hashOf(header, bytes) } satisfies Header));
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(file, start);
    writeFileSync(file, bytes);
  } finally {
    closeSync(file);
  }
  putInPlace(`${path}.new`, path);
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
  const { hash, ...hashed } = header;
  const { format, boot, blockCount, rowCount, ...facts } = hashed;
  const isWhole = bytes.length === tableBytes(blockCount, rowCount);
  if (format !== FORMAT || boot !== bootOfMachine() || !isWhole || hash !== hashOf(hashed, bytes))
    return undefined;
  const { places, numbers } = tablesIn(bytes.buffer, blockCount, rowCount);
  const memory = new NumberMemory();
  let at = 0;
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    const place = places.subarray(index * NUMBERS_OF_PLACE, (index + 1) * NUMBERS_OF_PLACE);
    const [offset = 0, length = 0, checksum = 0, firstSlot = 0, firstChange = 0, count = 0] = place;
    const from = at;
    at += NUMBERS_OF_ROW * count;
    return new Block(
      { offset, length, checksum, firstSlot, firstChange },
      memory.keep(numbers.subarray(from, at)),
    );
  });
  return { ...facts, blocks };
}

/** What the file holds. */
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

function tableBytes(blockCount: number, rowCount: number): number {
  return 8 * NUMBERS_OF_PLACE * blockCount + 4 * NUMBERS_OF_ROW * rowCount;
}

/** The tables one after the other: where each block is, with its count of rows; then the numbers of each block's rows. */
function tablesIn(tables: ArrayBuffer, blockCount: number, rowCount: number) {
  const places = new Float64Array(tables, 0, NUMBERS_OF_PLACE * blockCount);
  const numbers = new Uint32Array(tables, places.byteLength, NUMBERS_OF_ROW * rowCount);
  return { places, numbers };
}

/** What is in the order in which it was written comes from JSON in that order again. */
function hashOf(header: Omit<Header, 'hash'>, bytes: Uint8Array): string {
  return createHash('sha256').update(JSON.stringify(header)).update(bytes).digest('hex');
}

/** What the running system calls its own start; undefined where it does not say. */
function bootOfMachine(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}
