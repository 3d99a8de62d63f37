import { createInterface } from 'node:readline';
import { QueryError } from '../../../query-error.ts';
import { literal } from '../../../results/duckdb.ts';
import { duckdbFailure, isOfDuckdb } from '../../../results/duckdb-failure.ts';
import { excerpt } from './excerpt.ts';
import type { TextFile } from './look-at-csv.ts';
import { bytesOf, type Encoding, unreadable } from './text-encoding.ts';

const LONGEST_LINE = 100;

/** What to say of an error of reading JSON: the line, where each line is a JSON of its own. */
export async function jsonFailure(
  error: unknown,
  file: TextFile,
  encoding: Encoding,
): Promise<unknown> {
  if (!isOfDuckdb(error)) return error;
  const failure = duckdbFailure(error);
  if (!(failure instanceof QueryError) || failure.code !== 'sql_error') return failure;
  const hint = `Fix the file, or set its options, such as FROM ${file.reader}(${literal(file.file)}, ignore_errors = true).`;
  const line =
    file.reader === 'read_ndjson' && encoding === 'utf-8' ? await badLine(file.path) : undefined;
  if (line)
    return unreadable(
      `line ${line.number} (${excerpt(line.text, LONGEST_LINE)}) is not JSON: ${line.why}. ${hint}`,
    );
  const [said = ''] = failure.message.replaceAll(file.copy, file.file).split('\n');
  // What DuckDB suggests are options of its own, which the hint names.
  return unreadable(`${said.replace(/\s*(Try .*)?$/, '').replace(/\.*$/, '.')} ${hint}`);
}

async function badLine(
  path: string,
): Promise<{ number: number; text: string; why: string } | undefined> {
  let number = 0;
  for await (const text of createInterface({
    input: bytesOf(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (text.trim() === '') continue;
    try {
      JSON.parse(text);
    } catch (error) {
      return { number, text, why: (error as Error).message };
    }
  }
  return undefined;
}
