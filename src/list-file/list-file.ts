import { basename, dirname, join } from 'node:path';
import { DamagedFileError, storageFaultOf } from '../storage-fault.ts';
import type { Block } from './block.ts';
import { BlockTable, type Replacement } from './block-table.ts';
import type { Range } from './file-map.ts';
import { FileOutput } from './file-output.ts';
import type { HeldFile } from './held-file.ts';
import { BlockWriter, type ChangedRow, isFull, mergeRows, rowsOf } from './list-blocks.ts';
import { loadIndex, saveIndex } from './list-index.ts';
import { PageBytes } from './page-bytes.ts';
import { RowNumbers } from './row-numbers.ts';
import { newRowsFile, openSaved, removeOthers } from './rows-file.ts';
import { verifyBlocks, verifyPart } from './verify-blocks.ts';

const LINE_FEED = 0x0a;
const MOST_RECENT = 4;

/**
 * The rows of one list as bytes in one file, in order, so that any page is a few reads of what lies together
 * already, whatever its number. Each row is kept with the comma that follows it in an array.
 *
 * The file only grows: a block with a changed row is written again at the end, and the file is rewritten when most
 * of it is out of date. The store holds the truth. Ranks count from 0.
 *
 * Each block has a checksum, which is looked at before a block is written again and in `verify`, and not whenever rows are
 * read: to add up a page would take as long as to send it. That of the numbers of its rows is looked at whenever they are read.
 */
export class ListFile {
  readonly #path: string;
  readonly #minGarbageBytes: number;
  #file: HeldFile;
  #size = 0;
  #table = BlockTable.empty;
  /** The numbers that were read last: where a page ends, the next one begins. */
  readonly #recent: RowNumbers[] = [];
  #isDamaged = false;
  /** See ListIndex. */
  readonly mark: string;
  /** The position that was given when the file was saved; undefined where it begins empty. */
  readonly savedPosition: number | undefined;

  /**
   * The file as it was saved last if it can be used, else an empty one; see `savedPosition`.
   *
   * @param path what the names of its files begin with.
   * @param isNew begins empty whatever was saved, which stays there until `removeOthers`.
   * @param mark of a file that begins empty; see ListIndex.
   * @param minGarbageBytes rewriting the file is worth it once this much of it, and more than half, is out of date.
   */
  constructor(path: string, { isNew = false, mark = '', minGarbageBytes = 16 * 1024 * 1024 } = {}) {
    this.#path = path;
    this.#minGarbageBytes = minGarbageBytes;
    const index = isNew ? undefined : loadIndex(`${path}.index`);
    const saved = index && openSaved(join(dirname(path), index.rowsFile), index.size);
    if (index && saved) {
      this.#file = saved;
      this.#size = saved.size;
      this.#table = BlockTable.empty.with([], index.blocks);
      this.savedPosition = index.position;
      this.mark = index.mark;
    } else {
      this.#file = newRowsFile(path);
      this.mark = mark;
    }
    if (!isNew) this.removeOthers();
  }

  /** Whether rows were found not to be as they were written: the file is to be made again. */
  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** How many rows there are. */
  get count(): number {
    return this.#table.rowCount;
  }

  /** How long the file is, with what is out of date in it. */
  get size(): number {
    return this.#size;
  }

  /** The rows from the `start`-th on, at most `count`, joined by commas, with `head` before and `tail` after them, both ASCII. */
  page(start: number, count: number, head: string, tail: string): PageBytes {
    return new PageBytes({
      file: this.#file,
      ranges: this.#rangesOf(start, count),
      head,
      tail,
      noteDamage: (work) => this.#noteDamage(work),
      isDamaged: () => this.#isDamaged,
    });
  }

  /** The number of the last change that touched any of these rows; 0 where there are none. */
  lastChangeOf(start: number, count: number): number {
    let lastChange = 0;
    for (const { block, from, to } of this.#table.partsOf(start, count)) {
      const isWhole = to - from === block.rowCount;
      const last = isWhole ? block.lastChange : this.#numbersOf(block).lastChangeOf(from, to);
      lastChange = Math.max(lastChange, last);
    }
    return lastChange;
  }

  /** The slot of a row; undefined past the end. */
  slotAt(rank: number): number | undefined {
    if (rank < 0 || rank >= this.count) return undefined;
    const index = this.#table.indexOfRank(rank);
    const block = this.#table.blockAt(index) as Block;
    const row = rank - this.#table.rowsBefore(index);
    if (row === 0) return block.firstSlot;
    return row === block.rowCount - 1 ? block.lastSlot : this.#numbersOf(block).slotOf(row);
  }

  /** How many rows have this slot or one before it, which is the rank of the first row after it. */
  rankAfter(slot: number): number {
    const index = this.#table.indexOfSlot(slot);
    if (index === -1) return 0;
    const block = this.#table.blockAt(index) as Block;
    if (slot >= block.lastSlot) return this.#table.rowsBefore(index + 1);
    const numbers = this.#numbersOf(block);
    let within = 0;
    while (within < block.rowCount && numbers.slotOf(within) <= slot) within++;
    return this.#table.rowsBefore(index) + within;
  }

  /**
   * Every row from the `start`-th on as it is now, one a line, in pieces: what changes meanwhile is not seen. To be
   * read to its end or ended by `return`, else the file is kept.
   */
  lines(start: number): Generator<Buffer, void, undefined> {
    const pieces = this.#linesFrom(start);
    pieces.next(); // takes hold of the file now, not when somebody begins to read
    return pieces;
  }

  *#linesFrom(start: number): Generator<Buffer, void, undefined> {
    const file = this.#file.hold();
    const { blocks } = this.#table;
    let index = this.#table.indexOfRank(start);
    let skipped = start - this.#table.rowsBefore(index);
    try {
      yield Buffer.alloc(0);
      for (; index < blocks.length; index++) {
        const block = blocks[index] as Block;
        const numbers = this.#noteDamage(() => RowNumbers.read(file, block));
        const from = skipped < block.rowCount ? numbers.beginOf(skipped) : block.length;
        const piece = Buffer.allocUnsafe(block.length - from);
        this.#noteDamage(() => file.readInto(piece, 0, block.offset + from, piece.length));
        for (let row = skipped; row < block.rowCount; row++) {
          piece[numbers.endOf(row) - from - 1] = LINE_FEED;
        }
        skipped = 0;
        if (piece.length > 0) yield piece;
      }
    } finally {
      file.release();
    }
  }

  /**
   * Puts rows in and takes rows out. The last change of a slot counts. Answers whether the file was rewritten, after
   * which what was saved before is of no use.
   *
   * @throws DamagedFileError where the file was cut, or a block that is to be written again is not as it was written; nothing
   * is changed then.
   */
  apply(changes: readonly ChangedRow[]): boolean {
    if (changes.length === 0) return false;
    const latest = new Map<number, ChangedRow>();
    for (const change of changes) latest.set(change.slot, change);
    const inOrder = [...latest.values()].sort((a, b) => a.slot - b.slot);

    const writer = new BlockWriter(new FileOutput(this.#file, this.#size));
    const replacements: Replacement[] = [];
    const added: Block[] = [];
    this.#size = this.#noteDamage(() => {
      for (const [index, some] of this.#byTaker(inOrder)) {
        const block = this.#table.blockAt(index);
        if (block === undefined) {
          writer.write(some, added);
        } else {
          const blocks: Block[] = [];
          const rows = rowsOf(this.#numbersOf(block), this.#bytesOf(block));
          writer.write(mergeRows(rows, some), blocks);
          replacements.push({ index, blocks });
        }
      }
      return writer.end();
    });
    this.#table = this.#table.with(replacements, added);
    const isWorthRewriting = this.#size > 2 * this.#table.byteLength + this.#minGarbageBytes;
    return isWorthRewriting && this.#compact();
  }

  /**
   * Looks whether every row is as it was written, and the file still has its name, while others read and write. Answers
   * what is wrong with it; undefined where nothing is.
   */
  async verify(): Promise<DamagedFileError | undefined> {
    const file = this.#file.hold();
    try {
      await verifyBlocks(file, this.#table.blocks);
      return undefined;
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      // What was put in its place meanwhile is not what was read.
      if (file !== this.#file) return undefined;
      this.#isDamaged = true;
      return error;
    } finally {
      file.release();
    }
  }

  /** Keeps the file for the next process that opens it. `position` is what it is told. @throws as the disk does. */
  save(position: number): void {
    this.#file.flush();
    const rowsFile = basename(this.#file.path);
    saveIndex(`${this.#path}.index`, {
      blocks: this.#table.blocks,
      rowsFile,
      size: this.#size,
      position,
      mark: this.mark,
    });
  }

  /** Takes other files of the same list away, which are of no use once this one is used. */
  removeOthers(): void {
    removeOthers(this.#path, this.#file.path);
  }

  close(): void {
    this.#file.release();
  }

  /** Ends a file that is not to be used, and takes it away. */
  discard(): void {
    this.#file.unlink();
    this.#file.release();
  }

  /**
   * Changes by the index of the block that takes them: a block takes what comes before the next one, the first one also
   * what comes before it, and the last one new rows as long as it has room. After that stands what none of them takes.
   */
  #byTaker(inOrder: readonly ChangedRow[]): Map<number, ChangedRow[]> {
    const { blockCount } = this.#table;
    const taken = new Map<number, ChangedRow[]>();
    for (const change of inOrder) {
      const index = Math.max(0, this.#table.indexOfSlot(change.slot));
      const last = index === blockCount - 1 ? this.#table.blockAt(index) : undefined;
      const isBehind = last !== undefined && isFull(last) && change.slot > last.lastSlot;
      const taker = isBehind ? blockCount : index;
      const some = taken.get(taker);
      if (some) some.push(change);
      else taken.set(taker, [change]);
    }
    return taken;
  }

  /** Where these rows lie: what lies together is one range. */
  #rangesOf(start: number, count: number): Range[] {
    const ranges: Range[] = [];
    for (const { block, from, to } of this.#table.partsOf(start, count)) {
      const begin = from === 0 ? 0 : this.#numbersOf(block).beginOf(from);
      const end = to === block.rowCount ? block.length : this.#numbersOf(block).endOf(to - 1);
      const offset = block.offset + begin;
      const length = end - begin;
      const previous = ranges.at(-1);
      if (previous && previous.offset + previous.length === offset) previous.length += length;
      else ranges.push({ offset, length });
    }
    return ranges;
  }

  /** The bytes of a block, which are its own. */
  #bytesOf(block: Block): Buffer {
    const bytes = Buffer.allocUnsafe(block.length);
    this.#noteDamage(() => {
      this.#file.readInto(bytes, 0, block.offset, block.length);
      verifyPart(block, bytes);
    });
    return bytes;
  }

  #numbersOf(block: Block): RowNumbers {
    const known = this.#recent.find((numbers) => numbers.block === block);
    if (known) return known;
    const numbers = this.#noteDamage(() => RowNumbers.read(this.#file, block));
    if (this.#recent.push(numbers) > MOST_RECENT) this.#recent.shift();
    return numbers;
  }

  #noteDamage<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      if (error instanceof DamagedFileError) this.#isDamaged = true;
      throw error;
    }
  }

  /**
   * Copies what is in use into a new file, in order. Where that fails, all is as it was. Answers whether it did: a disk that
   * has no room for it has some later.
   */
  #compact(): boolean {
    const old = this.#file;
    let file: HeldFile | undefined;
    try {
      file = newRowsFile(this.#path);
      const writer = new BlockWriter(new FileOutput(file, 0));
      const blocks: Block[] = [];
      for (const block of this.#table.blocks) {
        writer.copy(this.#numbersOf(block), this.#bytesOf(block), blocks);
      }
      const size = writer.end();
      file.flush();
      this.#size = size;
      this.#file = file;
      this.#table = BlockTable.empty.with([], blocks);
    } catch (error) {
      file?.release();
      file?.unlink();
      if (error instanceof DamagedFileError || storageFaultOf(error) === undefined) throw error;
      return false;
    }
    old.release();
    old.unlink();
    return true;
  }
}
