import { type DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { Table } from '@uwdata/flechette';
import { QueryError } from '../../query-error.ts';
import type { QueryColumn } from '../../query-job.ts';
import { distinctNames } from '../../results/distinct-names.ts';
import { identifier } from '../../results/duckdb.ts';
import { isOfDuckdb } from '../../results/duckdb-failure.ts';
import { readArrow } from './arrow-messages.ts';
import { type ColumnReader, orNull, readerOf } from './arrow-types.ts';

const CHUNK_ROWS = 2_048;

/** The columns of an Arrow file, in DuckDB's types. @throws Error that says what is wrong with it. */
export function columnsOfArrow(path: string): QueryColumn[] {
  const [table] = readArrow(path).take(1);
  return readColumns(table as Table).map(({ name, type }) => ({ name, type: String(type) }));
}

/**
 * Makes a table of an Arrow file. DuckDB reads such files only with an extension that it would have to load from the
 * network, and a file that we read for it is a copy in its memory: so only what the query names is read.
 *
 * @param withRows whether the rows are read too, or its columns are all that is asked for.
 * @throws QueryError that says what is wrong with it, or an error of DuckDB's.
 */
export async function createArrowTable(
  duckdb: DuckDBConnection,
  { name, path }: { name: string; path: string },
  { withRows }: { withRows: boolean },
): Promise<void> {
  try {
    const columns = columnsOfArrow(path);
    const definitions = columns.map(({ name, type }) => `${identifier(name)} ${type}`);
    await duckdb.run(`CREATE TABLE ${identifier(name)} (${definitions.join(', ')})`);
    if (withRows) await appendRows(duckdb, { name, path });
  } catch (error) {
    await duckdb.run(`DROP TABLE IF EXISTS ${identifier(name)}`);
    throw failureOf(error as Error);
  }
}

async function appendRows(
  duckdb: DuckDBConnection,
  { name, path }: { name: string; path: string },
): Promise<void> {
  const appender = await duckdb.createAppender(name);
  for (const table of readArrow(path))
    for (const chunk of chunksOf(table, readColumns(table))) appender.appendDataChunk(chunk);
  appender.closeSync();
}

/** What the reader throws is said as it is, unless it had no memory. */
function failureOf(error: Error): Error {
  if (isOfDuckdb(error)) return error;
  const isMemory = error instanceof RangeError && /alloc|array length/i.test(error.message);
  if (!isMemory) return new QueryError({ code: 'sql_error', message: error.message });
  return new QueryError({
    code: 'memory_limit',
    message: 'A batch of its rows needs more memory than the query’s limit.',
  });
}

function readColumns({ schema: { fields } }: Table): (ColumnReader & { name: string })[] {
  if (fields.length === 0) throw new Error('it has no columns');
  const names = distinctNames(fields.map(({ name }) => name));
  return fields.map(({ name, type }, index) => {
    try {
      return { name: names[index] as string, ...readerOf(type) };
    } catch (error) {
      throw new Error(`its column ${JSON.stringify(name)} is ${(error as Error).message}`);
    }
  });
}

function* chunksOf(table: Table, readers: readonly ColumnReader[]): Generator<DuckDBDataChunk> {
  const types = readers.map(({ type }) => type);
  const columns = readers.map((reader, index) => ({
    cell: orNull(reader),
    values: table.getChildAt(index),
  }));
  for (let first = 0; first < table.numRows; first += CHUNK_ROWS) {
    const rows = Math.min(CHUNK_ROWS, table.numRows - first);
    const chunk = DuckDBDataChunk.create(types, rows);
    for (const [index, { cell, values }] of columns.entries())
      chunk.setColumnValues(
        index,
        Array.from({ length: rows }, (_, row) => cell(values.at(first + row) as never)),
      );
    yield chunk;
  }
}
