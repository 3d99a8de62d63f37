import { literal } from '../../../results/duckdb.ts';
import { readError } from '../../../results/duckdb-failure.ts';
import type { CsvOptions } from './csv-source.ts';
import { excerpt } from './excerpt.ts';

/** What keeps DuckDB from reading a file of cells, of which some can be mended by reading it otherwise. */
export type CsvTrouble = {
  kind:
    | { what: 'width'; cells: number }
    /** Its rows have to be told from one another otherwise. */
    | { what: 'rows' | 'encoding' | 'other' };
  /** What to say of it where it cannot be mended. */
  words(file: string, options: CsvOptions): string;
};

const LONGEST_LINE = 100;

/** Undefined where the error is none of reading cells. */
export function csvTrouble(error: unknown): CsvTrouble | undefined {
  // All of it, for what is wrong with a line stands after the line, however long that is.
  const { type, message: said } = readError((error as Error).message);
  const [lineSaid = '', text] = /^Original Line: ?\n?(.*)\n?/m.exec(said) ?? [];
  const message = said.replace(lineSaid, () => '');
  if (type === 'Out of Memory' || !/CSV|null_padding|line size|utf-8/i.test(message))
    return undefined;
  const [, line] = /CSV Error on Line: (\d+)/.exec(message) ?? [];
  const [, found] = /Expected Number of Columns: \d+ Found: (\d+)/.exec(message) ?? [];
  const words = (file: string, options: CsvOptions): string => {
    const where =
      line === undefined ? '' : `line ${line}${text ? ` (${excerpt(text, LONGEST_LINE)})` : ''}: `;
    return `${where}${reasonOf(message)} ${csvHint(file, options)}`;
  };
  if (found !== undefined) return { kind: { what: 'width', cells: Number(found) }, words };
  const isOfRows =
    /does not support null_padding|Maximum line size|invalid state|unterminated quote/i;
  if (isOfRows.test(message)) return { kind: { what: 'rows' }, words };
  if (/utf-8 encoded/i.test(message)) return { kind: { what: 'encoding' }, words };
  return { kind: { what: 'other' }, words };
}

function reasonOf(message: string): string {
  if (/unterminated quote/i.test(message))
    return 'a quote is not closed, or text follows after it.';
  if (/invalid state/i.test(message)) return 'its quotes and line ends do not match.';
  if (/Expected Number of Columns/.test(message))
    return 'rows have too many different numbers of cells.';
  return `${message.split('\n').find((line) => line.trim() !== '' && !/CSV Error on Line/.test(line)) ?? message}.`;
}

/** What to do about a file that cannot be read. */
export function csvHint(file: string, { delimiter, hasHeader, skip }: CsvOptions): string {
  const shown = delimiter === '\t' ? "'\\t'" : literal(delimiter === '\u001f' ? ',' : delimiter);
  const skipped = skip > 0 ? `, skip = ${skip}` : '';
  return `Fix the file, or set its options, such as FROM read_csv(${literal(file)}, delim = ${shown}, header = ${hasHeader}${skipped}, quote = '', all_varchar = true).`;
}
