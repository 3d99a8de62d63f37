import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { Block, type BlockFacts, blockFields } from './block.ts';
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
  hash: string;
};

const FORMAT = 4;
const HEADER_BYTES = 1024;
const BYTES_OF_BLOCK = Float64Array.BYTES_PER_ELEMENT * blockFields.length;
/**
 * Writes the index beside its rows, in place of the one before. Nothing is synced: an index counts only until the
 * machine starts anew, and until then the system keeps what a process wrote, however that ended.
 */
export function saveIndex(path: string, { blocks, ...facts }: ListIndex): void {
  const boot = bootOfMachine();
  if (boot === undefined) return;
  const table = Float64Array.from(
    blocks.flatMap((block) => blockFields.map((field) => block[field])),
  );
  const bytes = new Uint8Array(table.buffer);
  const header = { ...facts, format: FORMAT, boot, blockCount: blocks.length };
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
  const { format, boot, blockCount, ...facts } = hashed;
  const isWhole = bytes.length === BYTES_OF_BLOCK * blockCount;
  if (format !== FORMAT || boot !== bootOfMachine() || !isWhole || hash !== hashOf(hashed, bytes))
    return undefined;
  const table = new Float64Array(bytes.buffer, 0, blockFields.length * blockCount);
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    const first = blockFields.length * index;
    const entries = blockFields.map((field, at) => [field, table[first + at]]);
    return new Block(Object.fromEntries(entries) as BlockFacts);
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
