import type { DuckDBConnection } from '@duckdb/node-api';
import { valueSql } from './csv-source.ts';
import { type CsvLook, copy, lookAtCsv, sourceOf, type TextFile } from './look-at-csv.ts';
import { type JsonLook, jsonRows, lookAtJson } from './look-at-json.ts';

/** What was found out about a text file; plain, so that it can be kept. */
export type Look = CsvLook | JsonLook;

/**
 * Finds out how a text file is read, such that every value of it is one of its table.
 *
 * @param isQuick whether its first rows will do, for who only wants to know what is in it.
 * @throws QueryError that says why the file cannot be read.
 */
export function lookAt(
  duckdb: DuckDBConnection,
  file: TextFile,
  { isQuick }: { isQuick: boolean },
): Promise<Look> {
  if (file.reader === 'read_csv') return lookAtCsv(duckdb, file, { isQuick });
  return lookAtJson(duckdb, file, { isQuick });
}

/** SQL for the rows of a file that was looked at. Where DuckDB cannot read the file as it is, its copy is written first. */
export async function rowsOf(file: TextFile, look: Look): Promise<string> {
  if (look.format === 'json') return jsonRows(file, look);
  if (look.copied) await copy(file, look);
  const shown = look.columns
    .filter(({ isEmpty }) => !isEmpty)
    .map((one) => valueSql(one.name, one));
  return `SELECT ${shown.join(', ')} FROM ${sourceOf(file, look, look.columns)}`;
}
