import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { QueryColumn, QueryJob } from '../query-job.ts';
import { storedType } from './column-types.ts';
import { distinctNames } from './distinct-names.ts';
import { bindings, identifier, literal } from './duckdb.ts';
import { duckdbFailure } from './duckdb-failure.ts';
import { PARQUET } from './result-file.ts';

const LOOK_MS = 20;

/**
 * Lets DuckDB write the rows of a query to a file itself, which no other way comes near in speed: one more than the
 * result may have, to know whether there are more.
 *
 * @returns how many rows; undefined where it cannot be done: the statement is not one that stands within another, or
 * the file grew larger than it may and had to be given up.
 */
export async function copyRows(
  duckdb: DuckDBConnection,
  { sql, values, limits }: QueryJob,
  file: string,
): Promise<number | undefined> {
  const columns = await columnsOf(duckdb, { sql, values });
  if (columns === undefined) return undefined;
  const names = distinctNames(columns.map(({ name }) => name));
  const stored = columns.map(
    ({ type }, index) => `c${index}::${storedType(type)} AS ${identifier(names[index] as string)}`,
  );
  const prefix = `COPY (SELECT ${stored.join(', ')} FROM (\n`;
  const places = columns.map((_, index) => `c${index}`);
  const copy = `${prefix}${sql.trimEnd().replace(/;+$/, '')}
) AS result(${places.join(', ')}) LIMIT ${limits.rows + 1}) TO ${literal(file)} ${PARQUET}`;
  if (!(await isOneStatement(duckdb, copy))) return undefined;

  let isTooLarge = false;
  const watch = setInterval(() => {
    isTooLarge ||= (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > limits.bytes;
    if (isTooLarge) duckdb.interrupt();
  }, LOOK_MS);
  try {
    const { rowsChanged } = await duckdb.run(copy, ...bindings(values));
    return statSync(file).size > limits.bytes ? undefined : rowsChanged;
  } catch (error) {
    if (isTooLarge) return undefined;
    throw duckdbFailure(error, { sql, prefix });
  } finally {
    clearInterval(watch);
  }
}

/** The columns a statement has, without running it; undefined where DuckDB cannot say. */
async function columnsOf(
  duckdb: DuckDBConnection,
  { sql, values }: Pick<QueryJob, 'sql' | 'values'>,
): Promise<QueryColumn[] | undefined> {
  const prefix = 'DESCRIBE ';
  if (!(await isOneStatement(duckdb, prefix + sql))) return undefined;
  try {
    const described = await duckdb.runAndReadAll(prefix + sql, ...bindings(values));
    return described.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    throw duckdbFailure(error, { sql, prefix });
  }
}

async function isOneStatement(duckdb: DuckDBConnection, text: string): Promise<boolean> {
  return duckdb.extractStatements(text).then(
    ({ count }) => count === 1,
    () => false,
  );
}
