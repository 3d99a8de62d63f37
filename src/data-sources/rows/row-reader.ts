import type { DuckDBConnection } from '@duckdb/node-api';
import type { Order } from '../query-job.ts';
import { identifier, limitReading, literal } from '../results/duckdb.ts';
import { readColumns, shortCell } from '../results/result-file.ts';
import {
  isWhole,
  type RowsPage,
  type RowsRange,
  type RowsView,
  type RowTotal,
} from '../rows-view.ts';
import { conditionOf, type ReadColumn } from './filter-sql.ts';
import { readTotals } from './read-totals.ts';

/** How many orders of rows a process keeps; of others, that which was not used for longest goes. */
const MAX_ORDERS = 8;
/** So many rows from the start of an order are found without making all of it. */
const MAX_TOP = 2_000;
/** More rows than these take too long to copy. */
const MAX_COPIED = 5_000_000;
/** About so many characters a page has; its cells share them, and it ends before it has many more. */
const PAGE_CHARACTERS = 1_000_000;
const MIN_CELL_CHARACTERS = 1_000;

type Range = { first: number; count: number };
type KeptOrder = { table: string; rows: number };

/**
 * Reads pages of one result: of its Parquet file at first, and of a table in memory once that is made. Of each order in
 * which rows were looked at it keeps the numbers of the rows.
 *
 * In SQL, `source` has the result's columns as c0, c1, ..., and the number of each row as n.
 */
export class RowReader {
  readonly #duckdb: DuckDBConnection;
  readonly #file: string;
  readonly #columns: readonly ReadColumn[];
  readonly #rows: number;
  /** By the views, those last used at the end. */
  readonly #orders = new Map<string, KeptOrder>();
  #ordersMade = 0;
  #hasTriedCopy = false;

  private constructor(
    duckdb: DuckDBConnection,
    { file, columns, rows }: { file: string; columns: readonly ReadColumn[]; rows: number },
  ) {
    this.#duckdb = duckdb;
    this.#file = file;
    this.#columns = columns;
    this.#rows = rows;
  }

  static async open(
    duckdb: DuckDBConnection,
    {
      parquetFile,
      memoryBytes,
    }: Pick<Extract<Order, { action: 'rows' }>, 'parquetFile' | 'memoryBytes'>,
  ): Promise<RowReader> {
    await limitReading(duckdb, parquetFile, memoryBytes);
    const found = await readColumns(duckdb, parquetFile);
    const columns = found.map(({ name, type }, index) => ({ name, type, sql: `c${index}` }));
    const file = literal(parquetFile);
    const named = columns.map(({ name, sql }) => `${identifier(name)} AS ${sql}`).join(', ');
    const hasOwn = columns.some(({ name }) => name.toLowerCase() === 'file_row_number');
    const source = hasOwn
      ? `SELECT ${named}, row_number() OVER () - 1 AS n FROM read_parquet(${file})`
      : `SELECT ${named}, file_row_number AS n FROM read_parquet(${file}, file_row_number = true)`;
    await duckdb.run(`CREATE TEMP VIEW source AS ${source}`);
    const counted = await duckdb.runAndReadAll(
      `SELECT count(*)::DOUBLE FROM read_parquet(${file})`,
    );
    const rows = Number(counted.getRows()[0]?.[0]);
    return new RowReader(duckdb, { file: parquetFile, columns, rows });
  }

  /** @throws QueryError sql_error for a filter whose value is not of its column, and a sum of what is no number. */
  async page(
    view: RowsView,
    range: RowsRange,
    totals: readonly RowTotal[] = [],
  ): Promise<RowsPage> {
    return { ...(await this.#page(view, range)), totals: await this.#totals(view, totals) };
  }

  async #totals(view: RowsView, totals: readonly RowTotal[]): Promise<RowsPage['totals']> {
    if (totals.length === 0) return [];
    const condition = await conditionOf(this.#duckdb, this.#columns, view);
    const of = { file: this.#file, columns: this.#columns };
    return readTotals(this.#duckdb, of, condition, totals);
  }

  async #page(view: RowsView, range: RowsRange): Promise<Omit<RowsPage, 'totals'>> {
    const hasFilter = view.filters.length > 0 || view.search !== '';
    const isTop = !hasFilter && range.offset + range.limit <= MAX_TOP;
    const kept = this.#kept(view);
    if (isWhole(view)) {
      const rows = await this.#read(range, this.#rows, ({ first, count }) =>
        this.#between(first, count),
      );
      return {
        rows,
        rowCount: this.#rows,
        isPrepared: !this.#wantsCopy,
      };
    }
    if (kept === undefined && isTop) {
      const top = await this.#top(view, range.offset + range.limit);
      const rows = await this.#read(range, this.#rows, ({ first, count }) =>
        this.#numbered(top.slice(first, first + count)),
      );
      return { rows, rowCount: this.#rows, isPrepared: false };
    }
    const order = kept ?? (await this.#makeOrder(view));
    const rows = await this.#read(range, order.rows, async (part) =>
      this.#numbered(await this.#numbersIn(order, part)),
    );
    return {
      rows,
      rowCount: order.rows,
      isPrepared: !this.#wantsCopy,
    };
  }

  get #wantsCopy(): boolean {
    return !this.#hasTriedCopy && this.#rows <= MAX_COPIED;
  }

  /** Does what makes the next page of a view quick. */
  async prepare(view: RowsView): Promise<void> {
    if (!isWhole(view) && this.#kept(view) === undefined) await this.#makeOrder(view);
    if (this.#wantsCopy) await this.#makeCopy();
  }

  /** In memory, where there is room for it: rows far from each other are found there at once. */
  async #makeCopy(): Promise<void> {
    this.#hasTriedCopy = true;
    const cells = this.#columns.map(({ sql }) => sql).join(', ');
    try {
      await this.#duckdb.run(`
        CREATE TEMP TABLE copy AS SELECT ${cells}, n FROM source;
        CREATE OR REPLACE TEMP VIEW source AS FROM copy;
        CREATE INDEX numbers ON copy (n)`);
    } catch {
      // The file has the same rows, and is read as before; of a copy without an index pages are read, too.
    }
  }

  #kept(view: RowsView): KeptOrder | undefined {
    const key = JSON.stringify(view);
    const order = this.#orders.get(key);
    if (order === undefined) return undefined;
    this.#orders.delete(key);
    this.#orders.set(key, order);
    return order;
  }

  async #makeOrder(view: RowsView): Promise<KeptOrder> {
    const condition = await conditionOf(this.#duckdb, this.#columns, view);
    for (const [oldest, { table }] of this.#orders) {
      if (this.#orders.size < MAX_ORDERS) break;
      this.#orders.delete(oldest);
      await this.#duckdb.run(`DROP TABLE ${table}`);
    }
    const table = `order_${this.#ordersMade++}`;
    await this.#duckdb.run(
      `CREATE TEMP TABLE ${table} AS SELECT n::UINTEGER AS n FROM source WHERE ${condition} ${orderBy(view)}`,
    );
    const counted = await this.#duckdb.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${table}`);
    const order = { table, rows: Number(counted.getRows()[0]?.[0]) };
    this.#orders.set(JSON.stringify(view), order);
    return order;
  }

  async #top(view: RowsView, count: number): Promise<number[]> {
    return this.#numbers(`SELECT n FROM source ${orderBy(view)} LIMIT ${count}`);
  }

  #numbersIn({ table }: KeptOrder, { first, count }: Range): Promise<number[]> {
    const last = first + count - 1;
    return this.#numbers(
      `SELECT n FROM ${table} WHERE rowid BETWEEN ${first} AND ${last} ORDER BY rowid`,
    );
  }

  async #numbers(sql: string): Promise<number[]> {
    const read = await this.#duckdb.runAndReadAll(sql);
    return read.getRows().map(([n]) => Number(n));
  }

  /** A page, in parts that are as large as may be held at once. */
  async #read(
    { offset, limit }: RowsRange,
    total: number,
    rowsIn: (part: Range) => Promise<(cells: string) => Promise<string[]>>,
  ): Promise<string> {
    const end = Math.min(offset + limit, total);
    const share = Math.floor(PAGE_CHARACTERS / (this.#columns.length * limit));
    const longest = Math.max(share, MIN_CELL_CHARACTERS);
    const cells = this.#columns
      .map(({ type, sql }) => shortCell(type, sql, longest).cell)
      .join(', ');
    const atOnce = Math.max(
      1,
      Math.floor((2 * PAGE_CHARACTERS) / (this.#columns.length * longest)),
    );
    const rows: string[] = [];
    let characters = 0;
    for (let first = offset; first < end && characters < PAGE_CHARACTERS; first += atOnce) {
      const count = Math.min(atOnce, end - first);
      const read = await rowsIn({ first, count });
      for (const row of await read(cells)) {
        characters += row.length + 1;
        if (characters > 2 * PAGE_CHARACTERS && rows.length > 0) break;
        rows.push(row);
      }
    }
    return `[${rows.join(',')}]`;
  }

  async #between(first: number, count: number) {
    const where = `n BETWEEN ${first} AND ${first + count - 1}`;
    return async (cells: string): Promise<string[]> => {
      const read = await this.#duckdb.runAndReadAll(
        `SELECT json_array(${cells})::VARCHAR FROM (FROM source WHERE ${where} ORDER BY n)`,
      );
      return read.getRows().map(([row]) => String(row));
    };
  }

  async #numbered(numbers: readonly number[]) {
    return async (cells: string): Promise<string[]> => {
      if (numbers.length === 0) return [];
      const read = await this.#duckdb.runAndReadAll(
        `SELECT n, json_array(${cells})::VARCHAR FROM source WHERE n IN (${numbers.join(', ')})`,
      );
      const found = new Map(read.getRows().map(([n, row]) => [Number(n), String(row)]));
      return numbers.map((n) => found.get(n) ?? '[]');
    };
  }
}

function orderBy({ sort }: RowsView): string {
  const keys = sort.map(
    ({ column, descending }) => `c${column} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  return keys.length === 0 ? '' : `ORDER BY ${[...keys, 'n'].join(', ')}`;
}
