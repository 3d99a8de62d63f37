import { statSync } from 'node:fs';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { QueryError } from '../query-error.ts';
import type { QueryColumn, QueryResult } from '../query-job.ts';
import { jsonCell, type TypedColumn, typedColumns, typeName } from './column-types.ts';
import { identifier, literal } from './duckdb.ts';

const PREVIEW_ROWS = 1_000;
const PREVIEW_CHARACTERS = 1_000_000;
const MOST_COLUMNS = 2_000;
const MOST_COLUMN_CHARACTERS = 100_000;
/** How a result is written: small, and so that part of it can be read. */
export const PARQUET = '(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)';

/** What is said of a result that has been written. */
export async function readResult(
  duckdb: DuckDBConnection,
  file: string,
  { rows, truncated }: { rows: number; truncated: boolean },
): Promise<QueryResult> {
  const typed = await readColumns(duckdb, file);
  const columns = typed.map(({ name, type }) => ({ name, type: shownType(type) }));
  requireFewColumns(columns);
  const preview = await readPreview(duckdb, file, typed);
  return { columns, rows, bytes: statSync(file).size, truncated, ...preview };
}

/** Whoever looks at a run is shown all of its columns. */
function requireFewColumns(columns: readonly QueryColumn[]): void {
  const characters = columns.reduce((sum, { name, type }) => sum + name.length + type.length, 0);
  if (columns.length <= MOST_COLUMNS && characters <= MOST_COLUMN_CHARACTERS) return;
  throw new QueryError({
    code: 'sql_error',
    message:
      `The result has ${columns.length} columns, whose names and types have ${characters} characters; ` +
      `it may have ${MOST_COLUMNS} columns and ${MOST_COLUMN_CHARACTERS} characters.`,
  });
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
): Promise<Pick<QueryResult, 'preview' | 'previewRows'>> {
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
  return { preview: `[${rows.join(',')}]`, previewRows: rows.length };
}
