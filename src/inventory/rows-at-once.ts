const BYTES = 1024 * 1024;
const FIRST_ROWS = 16;
const GROWTH = 4;

/**
 * How many rows to read at once, where a list is read to its end: as many as come to about a megabyte, so that rows that
 * hold much SQL take no longer than others.
 */
export class RowsAtOnce {
  limit = FIRST_ROWS;
  readonly #most: number;

  constructor({ most }: { most: number }) {
    this.#most = most;
  }

  /** Takes the measure of rows that were read with this limit. Answers whether there may be more after them. */
  wereFull(rows: readonly { body: { length: number } | null }[]): boolean {
    const isFull = rows.length === this.limit;
    const bytes = rows.reduce((sum, { body }) => sum + (body?.length ?? 0), 1);
    const fitting = Math.floor((rows.length * BYTES) / bytes);
    this.limit = Math.max(1, Math.min(fitting, this.limit * GROWTH, this.#most));
    return isFull;
  }
}
