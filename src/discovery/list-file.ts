import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';

/** Rows in a row: where they lie in the file, and the slot and end of each within the block. */
type Block = { offset: number; length: number; slots: Float64Array; ends: Uint32Array };

/** A row to put in (its bytes) or take out (null) at a slot. */
export type SlotChange = { slot: number; body: Uint8Array | null };

const ROWS_IN_BLOCK = 64;
const COMMA = 0x2c;

/**
 * The rows of one list as bytes in one file, in order, so that any page is a few reads of what lies together
 * already, whatever its number. Each row is kept with the comma that follows it in an array.
 *
 * The file only grows: a block with a changed row is written again at the end, and the file is rewritten when most
 * of it is out of date. It has no name and vanishes with the process; the store holds the truth.
 */
export class ListFile {
  readonly #path: string;
  readonly #minGarbageBytes: number;
  #descriptor: number;
  #size = 0;
  #liveBytes = 0;
  #blocks: Block[] = [];
  /** How many rows lie before each block, and in all. */
  #rowsBefore: Float64Array = new Float64Array(1);

  /**
   * @param path where the file may lie; it is unlinked at once.
   * @param minGarbageBytes rewriting the file is worth it once this much of it, and more than half, is out of date.
   */
  constructor(path: string, { minGarbageBytes = 16 * 1024 * 1024 } = {}) {
    this.#path = path;
    this.#minGarbageBytes = minGarbageBytes;
    this.#descriptor = openUnnamed(path);
  }

  /** How many rows there are. */
  get count(): number {
    return this.#rowsBefore[this.#blocks.length] as number;
  }

  /** How long the file is, with what is out of date in it. */
  get size(): number {
    return this.#size;
  }

  /**
   * The rows from the `start`-th on, at most `count`, joined by commas, with `head` before and `tail` after them.
   * Ranks count from 0.
   */
  read(start: number, count: number, head: Uint8Array, tail: Uint8Array): Buffer {
    const end = Math.min(start + count, this.count);
    const ranges: { offset: number; length: number }[] = [];
    let rowsLength = 0;
    let rank = start;
    for (let index = this.#blockOfRank(start); rank < end; index++) {
      const block = this.#blocks[index] as Block;
      const first = this.#rowsBefore[index] as number;
      const from = rank === first ? 0 : (block.ends[rank - first - 1] as number);
      const last = Math.min(end - first, block.ends.length);
      const length = (block.ends[last - 1] as number) - from;
      const previous = ranges.at(-1);
      if (previous && previous.offset + previous.length === block.offset + from)
        previous.length += length;
      else ranges.push({ offset: block.offset + from, length });
      rowsLength += length;
      rank = first + last;
    }
    const withoutComma = Math.max(0, rowsLength - 1);
    const page = Buffer.allocUnsafeSlow(
      head.length + Math.max(withoutComma + tail.length, rowsLength),
    );
    page.set(head, 0);
    let at = head.length;
    for (const range of ranges) {
      this.#readInto(page, at, range.offset, range.length);
      at += range.length;
    }
    page.set(tail, head.length + withoutComma);
    return page.subarray(0, head.length + withoutComma + tail.length);
  }

  /** Puts rows in and takes rows out. The last change of a slot counts. */
  apply(changes: readonly SlotChange[]): void {
    if (changes.length === 0) return;
    const latest = new Map<number, Uint8Array | null>();
    for (const { slot, body } of changes) latest.set(slot, body);
    const inOrder = [...latest].sort(([a], [b]) => a - b);

    const blocks: Block[] = [];
    const output = new Output(this.#descriptor, this.#size);
    let next = 0;
    for (let index = 0; index < this.#blocks.length; index++) {
      const block = this.#blocks[index] as Block;
      const following = this.#blocks[index + 1];
      // A change belongs to the last block that starts at or before it; the first block also takes what comes
      // before it, and the last one what comes after it as long as it has room.
      const limit = following ? (following.slots[0] as number) : Number.POSITIVE_INFINITY;
      const from = next;
      if (following || block.slots.length < ROWS_IN_BLOCK) {
        while (next < inOrder.length && (inOrder[next] as [number, unknown])[0] < limit) next++;
      } else {
        const lastSlot = block.slots.at(-1) as number;
        while (next < inOrder.length && (inOrder[next] as [number, unknown])[0] <= lastSlot) next++;
      }
      if (next === from) blocks.push(block);
      else this.#rewrite(block, inOrder.slice(from, next), output, blocks);
    }
    if (next < inOrder.length) pack(inOrder.slice(next), output, blocks);

    this.#size = output.end();
    this.#adopt(blocks);
    if (this.#size > 2 * this.#liveBytes + this.#minGarbageBytes) this.#compact();
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #rewrite(
    block: Block,
    changes: readonly [number, Uint8Array | null][],
    output: Output,
    blocks: Block[],
  ): void {
    const bytes = Buffer.allocUnsafe(block.length);
    this.#readInto(bytes, 0, block.offset, block.length);
    const rows: [number, Uint8Array | null][] = [];
    let change = 0;
    for (const [index, slot] of block.slots.entries()) {
      while (change < changes.length && (changes[change] as [number, unknown])[0] < slot) {
        rows.push(changes[change++] as [number, Uint8Array | null]);
      }
      if (change < changes.length && (changes[change] as [number, unknown])[0] === slot) {
        rows.push(changes[change++] as [number, Uint8Array | null]);
      } else {
        const from = index === 0 ? 0 : (block.ends[index - 1] as number);
        rows.push([slot, bytes.subarray(from, (block.ends[index] as number) - 1)]);
      }
    }
    while (change < changes.length) rows.push(changes[change++] as [number, Uint8Array | null]);
    pack(rows, output, blocks);
  }

  #adopt(blocks: Block[]): void {
    const rowsBefore = new Float64Array(blocks.length + 1);
    let liveBytes = 0;
    for (const [index, block] of blocks.entries()) {
      rowsBefore[index + 1] = (rowsBefore[index] as number) + block.slots.length;
      liveBytes += block.length;
    }
    this.#blocks = blocks;
    this.#rowsBefore = rowsBefore;
    this.#liveBytes = liveBytes;
  }

  /** Copies what is in use into a new file, in order. */
  #compact(): void {
    const descriptor = openUnnamed(this.#path);
    const output = new Output(descriptor, 0);
    const blocks = this.#blocks.map((block) => {
      const bytes = Buffer.allocUnsafe(block.length);
      this.#readInto(bytes, 0, block.offset, block.length);
      return { ...block, offset: output.write(bytes) };
    });
    this.#size = output.end();
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#adopt(blocks);
  }

  #blockOfRank(rank: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#rowsBefore[middle] as number) <= rank) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #readInto(target: Uint8Array, at: number, offset: number, length: number): void {
    let done = 0;
    while (done < length) {
      const read = readSync(this.#descriptor, target, at + done, length - done, offset + done);
      if (read === 0) throw new Error('A list file ends before its rows do.');
      done += read;
    }
  }
}

/** Writes rows in blocks; rows without bytes are left out. */
function pack(rows: readonly [number, Uint8Array | null][], output: Output, blocks: Block[]): void {
  const kept = rows.filter((row): row is [number, Uint8Array] => row[1] !== null);
  for (let start = 0; start < kept.length; start += ROWS_IN_BLOCK) {
    const some = kept.slice(start, start + ROWS_IN_BLOCK);
    const length = some.reduce((sum, [, body]) => sum + body.length + 1, 0);
    const bytes = Buffer.allocUnsafe(length);
    const slots = new Float64Array(some.length);
    const ends = new Uint32Array(some.length);
    let at = 0;
    for (const [index, [slot, body]] of some.entries()) {
      bytes.set(body, at);
      at += body.length;
      bytes[at++] = COMMA;
      slots[index] = slot;
      ends[index] = at;
    }
    blocks.push({ offset: output.write(bytes), length, slots, ends });
  }
}

/** Gathers what is appended to a file into few large writes. */
class Output {
  readonly #descriptor: number;
  #flushed: number;
  #waiting: Uint8Array[] = [];
  #waitingLength = 0;

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.#flushed = size;
  }

  /** Answers where in the file the bytes will lie. */
  write(bytes: Uint8Array): number {
    const offset = this.#flushed + this.#waitingLength;
    this.#waiting.push(bytes);
    this.#waitingLength += bytes.length;
    if (this.#waitingLength > 1024 * 1024) this.#flush();
    return offset;
  }

  /** Writes what is left; answers the size of the file. */
  end(): number {
    this.#flush();
    return this.#flushed;
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#waiting, this.#waitingLength);
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.#flushed + done);
    }
    this.#flushed += bytes.length;
    this.#waiting = [];
    this.#waitingLength = 0;
  }
}

function openUnnamed(path: string): number {
  const descriptor = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return descriptor;
}
