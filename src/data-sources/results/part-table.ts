import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { identifier, literal } from './duckdb.ts';
import { PARQUET } from './result-file.ts';

/** A column of rows that come from an engine: its type in the chunks, and SQL that makes of it what is stored. */
export type RowColumn = { name: string; type: string; stored: string };

/** Some rows of a result, in a Parquet file of their own. */
export type ResultPart = { file: string; rows: number; bytes: number };

const MOST_BYTES = 32 * 1024 * 1024;
const LOOK_EVERY_CHUNKS = 8;

/** Gathers rows in a table, until they are written to a file as a part of the result. */
export class PartTable {
  readonly #duckdb: DuckDBConnection;
  readonly #columns: readonly RowColumn[];
  readonly #folder: string;
  readonly #appender: DuckDBAppender;
  #chunks = 0;
  #parts = 0;
  rows = 0;

  private constructor(
    duckdb: DuckDBConnection,
    columns: readonly RowColumn[],
    folder: string,
    appender: DuckDBAppender,
  ) {
    this.#duckdb = duckdb;
    this.#columns = columns;
    this.#folder = folder;
    this.#appender = appender;
  }

  static async create(
    duckdb: DuckDBConnection,
    columns: readonly RowColumn[],
    folder: string,
  ): Promise<PartTable> {
    const definitions = columns.map(({ name, type }) => `${identifier(name)} ${type}`);
    await duckdb.run(`CREATE OR REPLACE TABLE part (${definitions.join(', ')})`);
    return new PartTable(duckdb, columns, folder, await duckdb.createAppender('part'));
  }

  append(chunk: DuckDBDataChunk): void {
    this.#appender.appendDataChunk(chunk);
    this.rows += chunk.rowCount;
    this.#chunks += 1;
  }

  /** Whether the rows take more memory than a part should; looked at now and then. */
  async isLarge(): Promise<boolean> {
    if (this.#chunks % LOOK_EVERY_CHUNKS !== 0) return false;
    this.#appender.flushSync();
    const held = await this.#duckdb.runAndReadAll(
      'SELECT sum(memory_usage_bytes)::DOUBLE FROM duckdb_memory()',
    );
    return Number(held.getRows()[0]?.[0]) > MOST_BYTES;
  }

  /** Writes the rows to a file, and has none any more. */
  async write(): Promise<ResultPart> {
    this.#appender.flushSync();
    const file = join(this.#folder, `part-${this.#parts++}.parquet`);
    const stored = this.#columns.map(({ name, stored }) => `${stored} AS ${identifier(name)}`);
    await this.#duckdb.run(
      `COPY (SELECT ${stored.join(', ')} FROM part) TO ${literal(file)} ${PARQUET}`,
    );
    await this.#duckdb.run('TRUNCATE part');
    const part = { file, rows: this.rows, bytes: statSync(file).size };
    this.rows = 0;
    this.#chunks = 0;
    return part;
  }
}
