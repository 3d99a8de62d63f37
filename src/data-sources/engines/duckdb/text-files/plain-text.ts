import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type CellMarks, type CsvRow, isBlank, readRows } from './csv-rows.ts';
import { excerpt } from './excerpt.ts';
import { bytesOf, type Encoding, unreadable } from './text-encoding.ts';

const LONGEST_EXAMPLE = 100;

/** Writes a text file again in UTF-8 without a byte order mark. */
export async function writeUtf8(from: string, to: string, encoding: Encoding): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const decode = (chunks: AsyncIterable<Buffer>) => decoded(chunks, encoding);
  await pipeline(bytesOf(from), decode, createWriteStream(to));
}

/** The text of bytes, without a byte order mark. @throws QueryError where they are none in that encoding. */
export async function* decoded(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw unreadable(`it is not ${encoding.toUpperCase()} throughout; save it as UTF-8.`);
  }
}

/** How cells are written that DuckDB reads whatever is in them. */
export const PLAIN_MARKS: CellMarks = { delimiter: ',', quote: '"', escapedBy: '"' };

export type PlainRows = {
  /** How many cells the longest row has, and how many characters. */
  width: number;
  longest: number;
};

/**
 * Writes the rows of a file of cells again, each with as many cells as `width`, a line feed after it, and PLAIN_MARKS.
 *
 * @param skip how many lines at its beginning are left out; the header is not written either.
 * @throws QueryError that names a line with quotes that are not where they should be.
 */
export async function writePlainRows(
  from: string,
  to: string,
  {
    encoding,
    width,
    skip,
    hasHeader,
    ...marks
  }: CellMarks & { encoding: Encoding; width: number; skip: number; hasHeader: boolean },
): Promise<PlainRows> {
  await mkdir(dirname(to), { recursive: true });
  const found = { width, longest: 0 };
  let isHeader = hasHeader;
  const lineOf = (row: CsvRow): string => {
    if (row.line <= skip || (width > 1 && isBlank(row))) return '';
    if (isHeader) {
      isHeader = false;
      return '';
    }
    const { cells } = row;
    found.width = Math.max(found.width, cells.findLastIndex((cell) => cell !== '') + 1);
    const line = Array.from({ length: width }, (_, index) => quoted(cells[index] ?? '')).join(',');
    found.longest = Math.max(found.longest, line.length);
    return `${line}\n`;
  };
  await pipeline(
    bytesOf(from),
    (chunks: AsyncIterable<Buffer>) => decoded(chunks, encoding),
    async function* (texts: AsyncIterable<string>) {
      let carried = '';
      let line = 1;
      const read = (text: string, isWhole: boolean) => {
        const { rows, faults, end, line: nextLine } = readRows(text, marks, { isWhole, line });
        const fault = rows.find((row) => row.line === faults[0] && row.line > skip);
        if (fault) throw misquoted(fault, marks);
        line = nextLine;
        carried = text.slice(end);
        return rows.map(lineOf).join('');
      };
      for await (const text of texts) yield read(carried + text, false);
      yield read(carried, true);
    },
    createWriteStream(to),
  );
  return found;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function misquoted({ cells, line }: CsvRow, { delimiter }: CellMarks): Error {
  const example = excerpt(cells.join(delimiter).split(/[\r\n]/, 1)[0] as string, LONGEST_EXAMPLE);
  return unreadable(`line ${line} (${example}): a quote is not closed, or text follows after it.`);
}
