import { statSync } from 'node:fs';
import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { CUT_MARK } from '../cut-mark.ts';
import { QueryError } from '../query-error.ts';
import type { QueryColumn, QueryResult } from '../query-job.ts';
import { cellsCut } from './column-notes.ts';
import { isNested, jsonCell, type TypedColumn, typedColumns, typeName } from './column-types.ts';
import { identifier, literal } from './duckdb.ts';

const PREVIEW_ROWS = 1_000;
const PREVIEW_CHARACTERS = 1_000_000;
const MOST_COLUMNS = 2_000;
const MOST_COLUMN_CHARACTERS = 100_000;
/** How a result is written: small, and so that part of it can be read. */
export const PARQUET = '(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)';

/**
 * How columns are written whose types are known. The encodings of Parquet 2 take a third less time than those of 1, and
 * a tenth of the space where numbers and times rise; but DuckDB 1.5 fails to write lists with them, and what is in lists
 * (https://github.com/duckdb/duckdb/issues/24936).
 */
export function parquetFor(columns: readonly TypedColumn[]): string {
  if (columns.some(({ type }) => isNested(type))) return PARQUET;
  return PARQUET.replace('zstd,', 'zstd, PARQUET_VERSION v2,');
}

/** A result that has been written; notes are of its columns, see QueryColumn. */
export type Kept = { rows: number; truncated: boolean; notes: readonly (string | undefined)[] };

/** What is said of it. */
export async function readResult(
  duckdb: DuckDBConnection,
  file: string,
  { rows, truncated, notes }: Kept,
): Promise<QueryResult> {
  const typed = await readColumns(duckdb, file);
  const columns = typed.map(({ name, type }) => ({ name, type: shownType(type) }));
  requireFewColumns(columns);
  const { cut, cellCharacters, ...preview } = await readPreview(duckdb, file, typed);
  const noted = columns.map((column, index) => {
    const cutNote = cut[index] ? cellsCut(cellCharacters) : undefined;
    const note = [notes[index], cutNote].filter(Boolean).join(' ');
    return note === '' ? column : { ...column, note };
  });
  return { columns: noted, rows, bytes: statSync(file).size, truncated, ...preview };
}

/** Whoever looks at a run is shown all of its columns. */
function requireFewColumns(columns: readonly QueryColumn[]): void {
  const characters = columns.reduce((sum, { name, type }) => sum + name.length + type.length, 0);
  if (columns.length <= MOST_COLUMNS && characters <= MOST_COLUMN_CHARACTERS) return;
  throw new QueryError({
    code: 'sql_error',
    message:
      `The result has ${columns.length} columns, whose names and types have ${characters} characters; ` +
      `the limit is ${MOST_COLUMNS} columns and ${MOST_COLUMN_CHARACTERS} characters.`,
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

/** Of types that may be long, what a preview shows is cut; its first row is always shown. */
const MAY_BE_LONG = /VARCHAR|JSON|BLOB|[[(]/;
const MIN_CELL_CHARACTERS = 1_000;

type CutPreview = Pick<QueryResult, 'preview' | 'previewRows'> & {
  /** Whether cells of a column are cut, and how long they may be. */
  cut: boolean[];
  cellCharacters: number;
};

async function readPreview(
  duckdb: DuckDBConnection,
  file: string,
  columns: readonly TypedColumn[],
): Promise<CutPreview> {
  const share = Math.floor(PREVIEW_CHARACTERS / columns.length);
  const cellCharacters = Math.max(share, MIN_CELL_CHARACTERS);
  const cells = columns.map(({ name, type }) => shortCell(type, identifier(name), cellCharacters));
  const read = await duckdb.runAndReadAll(
    `SELECT json_array(${cells.map(({ cell }) => cell).join(', ')}), [${cells.map(({ isCut }) => isCut).join(', ')}]
     FROM read_parquet(${literal(file)}) LIMIT ${PREVIEW_ROWS}`,
  );
  const rows: string[] = [];
  const cut = columns.map(() => false);
  let characters = 0;
  for (const [row, isCut] of read.getRowsJS()) {
    characters += String(row).length + 1;
    if (characters > PREVIEW_CHARACTERS && rows.length > 0) break;
    rows.push(String(row));
    for (const [index, one] of (isCut as boolean[]).entries()) cut[index] ||= one;
  }
  return { preview: `[${rows.join(',')}]`, previewRows: rows.length, cut, cellCharacters };
}

/** A cell, or its beginning as a text. */
export function shortCell(type: DuckDBType, column: string, characters: number) {
  const whole = jsonCell(type, column);
  if (!MAY_BE_LONG.test(typeName(type)) || /^DECIMAL/.test(typeName(type)))
    return { cell: whole, isCut: 'false' };
  const text = typeName(type) === 'VARCHAR' ? column : `(${whole})::VARCHAR`;
  const isCut = `coalesce(length(${text}) > ${characters}, false)`;
  const beginning = `to_json(left(${text}, ${characters}) || '${CUT_MARK}')`;
  return { cell: `CASE WHEN ${isCut} THEN ${beginning} ELSE ${whole} END`, isCut };
}
