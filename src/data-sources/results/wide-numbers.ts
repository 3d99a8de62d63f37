import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { scratchOf } from '../scratch.ts';
import { noteOnType, type Wide } from './column-types.ts';
import { identifier, literal } from './duckdb.ts';
import { type Kept, PARQUET, readColumns } from './result-file.ts';

/** With the types that the columns of the query have. */
export type KeptOfTypes = Kept & { types: readonly DuckDBType[] };

/** The types of a query's columns, with what is said of them. */
export function notedTypes(types: readonly DuckDBType[], wide: Wide) {
  return { types, notes: types.map((type) => noteOnType(type, wide)) };
}

/**
 * Where one HUGEINT of a result has 39 digits, all of them are texts: makes numbers again of those columns in which none
 * has as many.
 */
export async function narrowWide(
  duckdb: DuckDBConnection,
  file: string,
  { types, notes, ...kept }: KeptOfTypes,
): Promise<Kept> {
  const columns = await readColumns(duckdb, file);
  const from = `read_parquet(${literal(file)})`;
  const isNarrow = columns.map(({ name }, index) =>
    String(types[index]) === 'HUGEINT'
      ? `coalesce(max(length(ltrim(${identifier(name)}, '-'))) <= 38, true)`
      : 'false',
  );
  const read = await duckdb.runAndReadAll(`SELECT ${isNarrow.join(', ')} FROM ${from}`);
  const [narrow = []] = read.getRowsJS();
  const written = columns.map(({ name }, index) =>
    narrow[index] ? `${identifier(name)}::DECIMAL(38,0) AS ${identifier(name)}` : identifier(name),
  );
  const narrowed = join(scratchOf(file), 'narrowed.parquet');
  await duckdb.run(
    `COPY (SELECT ${written.join(', ')} FROM ${from}) TO ${literal(narrowed)} ${PARQUET}`,
  );
  renameSync(narrowed, file);
  return { ...kept, notes: notes.map((note, index) => (narrow[index] ? undefined : note)) };
}
