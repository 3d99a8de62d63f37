import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../../../query-error.ts';
import type { FileReader } from '../folder-tables.ts';
import type { ColumnType } from './column-type.ts';
import { judgeDialect, namedDelimiter, withoutTitles } from './csv-dialect.ts';
import { type CsvOptions, csvSource, namesOf, USUAL_LINE_BYTES } from './csv-source.ts';
import { csvHint, csvTrouble } from './csv-trouble.ts';
import { type FoundType, findTypes, QUICK_SAMPLE_ROWS } from './find-types.ts';
import { PLAIN_MARKS, writePlainRows, writeUtf8 } from './plain-text.ts';
import { type Encoding, nameOf, readEncoding, unreadable, type Written } from './text-encoding.ts';

/** How often a file is read again because a row has still more cells. */
const MOST_READINGS = 12;

export type LookedColumn = ColumnType & {
  name: string;
  /** Whether it is left out: it has neither a name nor a value. */
  isEmpty: boolean;
};

/** How a file of cells is read exactly. */
export type CsvLook = {
  format: 'csv';
  encoding: Encoding;
  /** Whether DuckDB reads a copy: in UTF-8, or with its rows written as plainly as they can be. */
  copied: 'encoding' | 'rows' | undefined;
  /** What is read: the file, or its copy, which may have other options. */
  options: CsvOptions;
  columns: LookedColumn[];
  notes: string[];
};

export type TextFile = {
  /** Name in its folder. */
  file: string;
  /** Where it is read: no pattern of names for DuckDB. */
  path: string;
  sizeBytes: number;
  reader: FileReader;
  /** Where it may be written again as plain text. */
  copy: string;
};

/**
 * Looks at all of a file of cells: how it is written, where its cells end, and of which type each column is, so that every value of
 * the file is one of it as its text says it.
 *
 * @param isQuick whether its first rows will do, for who only wants to know what is in it.
 * @throws QueryError that says which line cannot be read.
 */
export async function lookAtCsv(
  duckdb: DuckDBConnection,
  file: TextFile,
  { isQuick = false }: { isQuick?: boolean } = {},
): Promise<CsvLook> {
  // DuckDB refuses text that is not UTF-8 wherever it is, so most files need not be read for their encoding alone.
  const written = await readEncoding(file.path, { isBeginningEnough: true });
  const look = await lookAtRows(duckdb, file, written, { isQuick });
  if (look !== 'encoding') return look;
  const again = await lookAtRows(duckdb, file, await readEncoding(file.path), { isQuick });
  if (again === 'encoding') throw unreadable('its encoding cannot be detected; save it as UTF-8.');
  return again;
}

/** Answers `encoding` where the file is not written as it seemed. */
async function lookAtRows(
  duckdb: DuckDBConnection,
  file: TextFile,
  { encoding, isGuess, head, isWhole }: Written,
  { isQuick }: { isQuick: boolean },
): Promise<CsvLook | 'encoding'> {
  const isTabs = /\.tsv(\.\w+)?$/i.test(file.file);
  const dialect = judgeDialect(head, { isWhole, isTabs });
  let look: CsvLook = {
    format: 'csv',
    encoding,
    copied: encoding === 'utf-8' ? undefined : 'encoding',
    options: {
      ...dialect,
      width: dialect.names.length,
      isRagged: false,
      lineBytes: undefined,
    },
    columns: [],
    notes: [],
  };
  for (let readings = 1; ; readings++) {
    try {
      if (look.copied) look = await copy(file, look);
      const columns = await lookAtColumns(duckdb, file, look, isQuick);
      return { ...look, columns, notes: notesOf(look, { isGuess, head, isQuick }) };
    } catch (error) {
      const hint = csvHint(file.file, look.options);
      if (error instanceof QueryError) throw unreadable(`${error.message} ${hint}`);
      const trouble = csvTrouble(error);
      if (trouble === undefined) throw error;
      if (trouble.kind.what === 'encoding') return 'encoding';
      const next = readings < MOST_READINGS && adapted(look, trouble.kind, { head, isWhole });
      if (!next) throw unreadable(trouble.words(file.file, look.options));
      look = next;
    }
  }
}

/** Writes the copy that a file is read by. */
export async function copy(file: Pick<TextFile, 'path' | 'copy'>, look: CsvLook): Promise<CsvLook> {
  const { encoding, copied, options } = look;
  if (copied === 'encoding') {
    await writeUtf8(file.path, file.copy, encoding);
    return look;
  }
  const { width, longest } = await writePlainRows(file.path, file.copy, { ...options, encoding });
  const isLong = longest > USUAL_LINE_BYTES / 4;
  const lineBytes = isLong ? 4 * longest : undefined;
  const wider = { ...look, options: { ...options, width, lineBytes } };
  return width > options.width ? copy(file, wider) : wider;
}

/** SQL for a file's rows, each cell a text unless it has a type. */
export function sourceOf(file: TextFile, look: CsvLook, types?: readonly ColumnType[]): string {
  const { copied, options } = look;
  const plain = { ...PLAIN_MARKS, skip: 0, hasHeader: false, isRagged: false };
  const { path, sizeBytes } = copied
    ? { path: file.copy, sizeBytes: statSync(file.copy).size }
    : file;
  const isPlain = copied === 'rows';
  const read = isPlain ? { ...options, ...plain } : options;
  return csvSource(path, read, { sizeBytes, types, hasLineFeeds: isPlain });
}

type Kind = NonNullable<ReturnType<typeof csvTrouble>>['kind'];

/** Another way to read the file, after one has failed; undefined where there is none. */
function adapted(
  look: CsvLook,
  kind: Kind,
  { head, isWhole }: { head: string; isWhole: boolean },
): CsvLook | undefined {
  const { options } = look;
  const withOptions = (changed: Partial<CsvOptions>) => ({
    ...look,
    options: { ...options, ...changed },
  });
  if (look.copied === 'rows') return undefined;
  if (kind.what === 'width') {
    if (options.titles) {
      // Not all that follows is one table: so nothing above it is left out.
      const whole = withoutTitles(head, isWhole, options);
      return withOptions({
        ...whole,
        width: Math.max(whole.names.length, options.width, kind.cells),
      });
    }
    if (kind.cells > options.width) return withOptions({ width: kind.cells, isRagged: true });
    return options.isRagged ? undefined : withOptions({ isRagged: true });
  }
  return kind.what === 'rows' ? { ...look, copied: 'rows' } : undefined;
}

async function lookAtColumns(
  duckdb: DuckDBConnection,
  file: TextFile,
  look: CsvLook,
  isQuick: boolean,
): Promise<LookedColumn[]> {
  const { options } = look;
  const names = namesOf(options);
  const found = await findTypes(duckdb, sourceOf(file, look), names, { isQuick });
  return names.map((name, index) => {
    const { type, facts } = found[index] as FoundType;
    const isNamed = !options.hasHeader || options.names[index]?.trim();
    return { name, ...type, isEmpty: facts.kinds === 0 && !isNamed };
  });
}

const delimiterNames: Record<string, string> = {
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
};

function notesOf(
  { encoding, copied, options }: CsvLook,
  { isGuess, head, isQuick }: { isGuess: boolean; head: string; isQuick: boolean },
): string[] {
  const { delimiter, skip, titles, hasHeader, lacksName, isRagged, width } = options;
  const { names } = options;
  const notes: string[] = [];
  if (isGuess)
    notes.push(
      `Read as ${nameOf(encoding)}, which is a guess: the file does not state its encoding.`,
    );
  if (copied === 'rows') notes.push('Rows end with line feeds, carriage returns or both.');
  if (delimiterNames[delimiter]) notes.push(`Cells are separated by ${delimiterNames[delimiter]}.`);
  if (head === '') notes.push('The file is empty.');
  else if (!hasHeader)
    notes.push(
      'The first row is read as data, because it has values and no names: columns are named by position.',
    );
  if (lacksName)
    notes.push('The header has one cell less than each row: the first column has no name.');
  if (!titles && namedDelimiter(head).named)
    notes.push('Line 1, which names the delimiter, is skipped.');
  if (titles)
    notes.push(
      skip === 1
        ? 'Line 1, above the header, is skipped.'
        : `Lines 1 to ${skip}, above the header, are skipped.`,
    );
  if (isRagged)
    notes.push(
      width > names.length
        ? `Some rows have more cells than the ${hasHeader ? 'header' : 'first row'} (${width} at most); additional columns are named by position. Missing cells are null.`
        : 'Some rows have fewer cells than others; missing cells are null.',
    );
  if (isQuick)
    notes.push(
      `Types are those of the first ${QUICK_SAMPLE_ROWS.toLocaleString('en')} rows; the first query reads the whole file.`,
    );
  return notes;
}
