import type { Range } from './file-map.ts';
import type { HeldFile } from './held-file.ts';

const PIECE_BYTES = 256 * 1024;

type Parts = {
  file: HeldFile;
  /** Where the rows lie, each with the comma that follows it. */
  ranges: readonly Range[];
  /** ASCII, before and after the rows. */
  head: string;
  tail: string;
  /** Told of what is wrong with the file. */
  noteDamage: <Result>(work: () => Result) => Result;
  /** Whether something is known to be wrong with the file. */
  isDamaged: () => boolean;
};

/** What a page is made of, to be sent one after the other. Text is ASCII; Buffers may be for sockets alone, see FileMap. */
export type PageParts = readonly (string | Buffer)[];

/** The bytes of some rows, joined by commas: uncopied, read all at once, or, where they are many, in pieces. */
export class PageBytes {
  readonly #parts: Parts;
  readonly #rowsLength: number;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#rowsLength = parts.ranges.reduce((sum, { length }) => sum + length, 0);
  }

  get length(): number {
    const { head, tail } = this.#parts;
    return head.length + this.#withoutLastComma + tail.length;
  }

  /**
   * All of them, uncopied; undefined where the file cannot be mapped, or is damaged or closed by now. The file is kept until
   * `release` is called, once nobody reads them any more.
   */
  mapped(): { parts: PageParts; release: () => void } | undefined {
    const { file, ranges, head, tail, noteDamage, isDamaged } = this.#parts;
    if (file.isClosed || isDamaged()) return undefined;
    const slices = noteDamage(() => file.slices(ranges));
    if (slices === undefined) return undefined;
    const last = slices.pop();
    if (last) slices.push(last.subarray(0, -1));
    file.hold();
    return { parts: [head, ...slices, tail], release: () => file.release() };
  }

  /** All of them: the beginning of a buffer of at least the length that `allocate` is asked for. */
  read(allocate: (length: number) => Buffer = Buffer.allocUnsafeSlow): Buffer {
    const { file, ranges, head, tail, noteDamage } = this.#parts;
    const page = allocate(Math.max(this.length, head.length + this.#rowsLength));
    page.write(head, 0, 'latin1');
    let at = head.length;
    for (const { offset, length } of ranges) {
      noteDamage(() => file.readInto(page, at, offset, length));
      at += length;
    }
    page.write(tail, head.length + this.#withoutLastComma, 'latin1');
    return page.subarray(0, this.length);
  }

  /**
   * All of them, as they are now: what changes meanwhile is not seen. To be read to its end or ended by `return`, else the
   * file is kept.
   */
  pieces(): Generator<Buffer, void, undefined> {
    const pieces = this.#piecesOf(this.#parts.file.hold());
    pieces.next(); // what was not begun is not ended by `return`
    return pieces;
  }

  *#piecesOf(file: HeldFile): Generator<Buffer, void, undefined> {
    const { ranges, head, tail, noteDamage } = this.#parts;
    let left = this.#withoutLastComma;
    try {
      yield Buffer.alloc(0);
      yield Buffer.from(head, 'latin1');
      for (const range of ranges) {
        for (let done = 0; done < range.length && left > 0; ) {
          const piece = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, range.length - done, left));
          noteDamage(() => file.readInto(piece, 0, range.offset + done, piece.length));
          yield piece;
          done += piece.length;
          left -= piece.length;
        }
      }
      yield Buffer.from(tail, 'latin1');
    } finally {
      file.release();
    }
  }

  get #withoutLastComma(): number {
    return Math.max(0, this.#rowsLength - 1);
  }
}
