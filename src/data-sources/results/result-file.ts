import { statSync } from 'node:fs';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import type { QueryResult } from '../query-job.ts';
import { jsonCell, type TypedColumn, typedColumns, typeName } from './column-types.ts';
import { identifier, literal } from './duckdb.ts';

const PREVIEW_ROWS = 1_000;
const PREVIEW_CHARACTERS = 1_000_000;
/** How a result is written: small, and so that part of it can be read. */
export const PARQUET = '(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)';

/** What is said of a result that has been written. */
export async function readResult(
  duckdb: DuckDBConnection,
  file: string,
  { rows, truncated }: { rows: number; truncated: boolean },
): Promise<QueryResult> {
  const typed = await readColumns(duckdb, file);
  const preview = await readPreview(duckdb, file, typed);
  const columns = typed.map(({ name, type }) => ({ name, type: shownType(type) }));
  return { columns, rows, bytes: statSync(file).size, truncated, preview };
}

/** The columns of a result's file. */
export async function readColumns(duckdb: DuckDBConnection, file: string): Promise<TypedColumn[]> {
  return typedColumns(await duckdb.prepare(`FROM read_parquet(${literal(file)})`));
}

/** A type's name as people read it: names within it are quoted only where they need it. */
function shownType(type: DuckDBType): string {
  return typeName(type).replaceAll(/"([a-z_]\w*)"/gi, '$1');
}

/** Leaves away what is beyond the first `rows` rows. */
export async function copyFirstRows(
  duckdb: DuckDBConnection,
  { from, to, rows }: { from: string; to: string; rows: number },
): Promise<void> {
  await duckdb.run(
    `COPY (FROM read_parquet(${literal(from)}) LIMIT ${rows}) TO ${literal(to)} ${PARQUET}`,
  );
}

async function readPreview(
  duckdb: DuckDBConnection,
  file: string,
  columns: readonly TypedColumn[],
): Promise<string> {
  const cells = columns.map(({ name, type }) => jsonCell(type, identifier(name)));
  const read = await duckdb.runAndReadAll(
    `SELECT json_array(${cells.join(', ')}) FROM read_parquet(${literal(file)}) LIMIT ${PREVIEW_ROWS}`,
  );
  const rows: string[] = [];
  let characters = 0;
  for (const [row] of read.getRows()) {
    characters += String(row).length + 1;
    if (characters > PREVIEW_CHARACTERS) break;
    rows.push(String(row));
  }
  return `[${rows.join(',')}]`;
}
