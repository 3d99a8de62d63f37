import { identifier, literal } from '../../../results/duckdb.ts';
import type { ColumnType } from './column-type.ts';
import { columnNames, type Dialect } from './csv-dialect.ts';

/** Everything that DuckDB has to know to read a text file without guessing. */
export type CsvOptions = Dialect & {
  /** How many cells rows have; those that have fewer are filled with nulls, if `isRagged`. */
  width: number;
  isRagged: boolean;
  /** How long a row may be; undefined for DuckDB's usual. */
  lineBytes: number | undefined;
};

const MB = 1024 * 1024;
const USUAL_BUFFER_BYTES = 32 * MB;
const LEAST_BUFFER_BYTES = 64 * 1024;
export const USUAL_LINE_BYTES = 2 * MB;

/**
 * SQL that reads a text file: each column as the text that it is, unless it has another type.
 *
 * @param hasLineFeeds whether rows are known to end with line feeds. Otherwise DuckDB takes the first line end for that of
 *   rows, which may be one within a cell.
 */
export function csvSource(
  path: string,
  options: CsvOptions,
  {
    sizeBytes,
    types = [],
    hasLineFeeds,
  }: {
    sizeBytes: number;
    types?: readonly ColumnType[] | undefined;
    hasLineFeeds: boolean;
  },
): string {
  const columns = namesOf(options).map((name, index) => {
    const { type = 'VARCHAR', expression } = types[index] ?? {};
    return `${literal(name)}: '${expression === undefined ? type : 'VARCHAR'}'`;
  });
  const { delimiter, quote, escapedBy, skip, hasHeader, isRagged, lineBytes } = options;
  // A buffer of the usual size for each thread would be out of proportion to a small file.
  const isSmall = sizeBytes < USUAL_BUFFER_BYTES;
  const bufferBytes = Math.max(isSmall ? sizeBytes + 1 : USUAL_BUFFER_BYTES, LEAST_BUFFER_BYTES);
  const line = lineBytes ?? Math.min(USUAL_LINE_BYTES, bufferBytes);
  return `read_csv(${literal(path)}, auto_detect = false, encoding = 'utf-8', strict_mode = true,
    delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(escapedBy)}, nullstr = '',
    ${hasLineFeeds ? "new_line = '\\n', " : ''}skip = ${skip}, header = ${hasHeader}, null_padding = ${isRagged},
    max_line_size = ${line}, buffer_size = ${Math.max(bufferBytes, line)}, columns = {${columns.join(', ')}})`;
}

export function namesOf(options: CsvOptions): string[] {
  return columnNames(options, options.width);
}

/** SQL for the values of a column whose texts are read as they are. */
export function valueSql(name: string, { expression }: ColumnType): string {
  const column = identifier(name);
  return expression === undefined ? column : `${expression.replaceAll('?', column)} AS ${column}`;
}
