/** So much may wait in memory in all files of this process together, for a disk that takes nothing more. */
const MOST_BYTES = 64 * 1024 * 1024;

let bytesOfAll = 0;

/** What lies behind the end of a file, and is in memory alone as the disk does not take it: one piece after the other. */
export class Unwritten {
  #start = 0;
  #length = 0;
  #pieces: readonly Uint8Array[] = [];

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Where it begins in the file. */
  get start(): number {
    return this.isEmpty ? Number.POSITIVE_INFINITY : this.#start;
  }

  get pieces(): readonly Uint8Array[] {
    return this.#pieces;
  }

  /** Takes a copy of what is to lie at this offset; what lay there before counts no more. Answers false where there is no room for it. */
  put(bytes: Uint8Array, offset: number): boolean {
    if (bytesOfAll + bytes.length > MOST_BYTES) return false;
    this.#cutAt(offset);
    if (this.isEmpty) this.#start = offset;
    this.#pieces = [...this.#pieces, Buffer.from(bytes)];
    this.#count(bytes.length);
    return true;
  }

  /** Fills the target with what lies at the offset. */
  copyInto(target: Uint8Array, offset: number): void {
    let begin = this.#start;
    for (const piece of this.#pieces) {
      const from = Math.max(offset, begin);
      const to = Math.min(offset + target.length, begin + piece.length);
      if (from < to) target.set(piece.subarray(from - begin, to - begin), from - offset);
      begin += piece.length;
    }
  }

  clear(): void {
    this.#pieces = [];
    this.#count(-this.#length);
  }

  #cutAt(offset: number): void {
    let begin = this.#start;
    const kept: Uint8Array[] = [];
    for (const piece of this.#pieces) {
      if (begin >= offset) break;
      kept.push(piece.subarray(0, Math.min(piece.length, offset - begin)));
      begin += piece.length;
    }
    this.#pieces = kept;
    this.#count(kept.reduce((sum, { length }) => sum + length, 0) - this.#length);
  }

  #count(more: number): void {
    this.#length += more;
    bytesOfAll += more;
  }
}
