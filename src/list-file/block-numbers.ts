/** The numbers of one block. */
export type BlockNumbers = Uint16Array | Uint32Array;

const FIRST_PIECE_BYTES = 4 * 1024;
const PIECE_BYTES = 256 * 1024;
const ALIGNMENT = Uint32Array.BYTES_PER_ELEMENT;

/**
 * Keeps the numbers of many blocks in few pieces of memory, in two bytes each where all of a block fit. Memory of its own for
 * each block would lie between the rows that are read meanwhile, and keep the system from getting back what these took.
 * A piece is free once no block has numbers in it.
 */
export class NumberMemory {
  #piece = new ArrayBuffer(0);
  #used = 0;

  keep(numbers: ArrayLike<number>): BlockNumbers {
    let highest = 0;
    for (let index = 0; index < numbers.length; index++) {
      highest = Math.max(highest, numbers[index] as number);
    }
    const Kind = highest < 2 ** 16 ? Uint16Array : Uint32Array;
    const kept = new Kind(...this.#take(numbers.length * Kind.BYTES_PER_ELEMENT), numbers.length);
    kept.set(numbers);
    return kept;
  }

  #take(bytes: number): [piece: ArrayBuffer, offset: number] {
    if (this.#used + bytes > this.#piece.byteLength) {
      const next = Math.max(FIRST_PIECE_BYTES, Math.min(2 * this.#piece.byteLength, PIECE_BYTES));
      this.#piece = new ArrayBuffer(Math.max(next, bytes));
      this.#used = 0;
    }
    const offset = this.#used;
    this.#used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return [this.#piece, offset];
  }
}
