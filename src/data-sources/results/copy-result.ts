import { statSync } from 'node:fs';
import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  DuckDBTypeId,
} from '@duckdb/node-api';
import type { QueryJob } from '../query-job.ts';
import { storedType, type TypedColumn, typedColumns, type Wide } from './column-types.ts';
import { distinctNames } from './distinct-names.ts';
import { bindings, identifier, literal } from './duckdb.ts';
import { duckdbFailure } from './duckdb-failure.ts';
import { parquetFor } from './result-file.ts';

const LOOK_MS = 20;

/**
 * Lets DuckDB write the rows of a query to a file itself, which no other way comes near in speed.
 *
 * @param isBounded whether there can hardly be many more rows than may be kept. Then it may write them all: for a LIMIT
 *   it gathers the rows first, on one processor. Otherwise it stops at one more than may be kept.
 * @returns how many rows it wrote, and the columns of the query; undefined where it cannot be done: the statement is not one that stands within
 *   another, or the file grew larger than it may and had to be given up.
 */
export async function copyRows(
  duckdb: DuckDBConnection,
  statement: DuckDBPreparedStatement,
  { sql, values, limits }: QueryJob,
  { file, isBounded, wide }: { file: string; isBounded: boolean; wide: Wide },
): Promise<{ rows: number; columns: TypedColumn[] } | undefined> {
  const columns = await columnsOf(duckdb, statement, { sql, values });
  const names = distinctNames(columns.map(({ name }) => name));
  const stored = columns.map(
    ({ type }, index) =>
      `c${index}::${storedType(type, wide)} AS ${identifier(names[index] as string)}`,
  );
  const prefix = `COPY (SELECT ${stored.join(', ')} FROM (\n`;
  const places = columns.map((_, index) => `c${index}`);
  const text = `${prefix}${withoutEnd(sql)}
) AS result(${places.join(', ')}) ${isBounded ? '' : `LIMIT ${limits.rows + 1}`}) TO ${literal(file)} ${parquetFor(columns)}`;
  const parsed = await duckdb.extractStatements(text).catch(() => undefined);
  if (parsed?.count !== 1) return undefined;

  let isTooLarge = false;
  const watch = setInterval(() => {
    isTooLarge ||= (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limits.bytes;
    if (isTooLarge) duckdb.interrupt();
  }, LOOK_MS);
  try {
    const copy = await parsed.prepare(0);
    copy.bind(...bindings(values));
    const { rowsChanged } = await copy.run();
    if (statSync(file).size > limits.bytes) return undefined;
    return { rows: rowsChanged, columns };
  } catch (error) {
    if (isTooLarge) return undefined;
    throw duckdbFailure(error, { sql, prefix });
  } finally {
    clearInterval(watch);
  }
}

/** The columns of a statement. Where a type hangs on a value, DuckDB says it only for the statement with its values. */
async function columnsOf(
  duckdb: DuckDBConnection,
  statement: DuckDBPreparedStatement,
  { sql, values }: Pick<QueryJob, 'sql' | 'values'>,
): Promise<TypedColumn[]> {
  const all = Array.from({ length: statement.columnCount }, (_, index) => index);
  if (all.every((index) => statement.columnTypeId(index) !== DuckDBTypeId.INVALID))
    return typedColumns(statement);
  const prefix = 'FROM (\n';
  try {
    const none = `${prefix}${withoutEnd(sql)}\n) LIMIT 0`;
    const result = await duckdb.run(none, ...bindings(values));
    return result.columnNames().map((name, index) => ({ name, type: result.columnType(index) }));
  } catch (error) {
    throw duckdbFailure(error, { sql, prefix });
  }
}

/** A statement as it may stand within another. */
function withoutEnd(sql: string): string {
  return sql.trimEnd().replace(/;+$/, '');
}
