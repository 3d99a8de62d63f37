import { distinctNames } from '../../../results/distinct-names.ts';
import { type CellMarks, type CsvRow, isBlank, readRows } from './csv-rows.ts';

/** How a text file is read as a table. */
export type Dialect = CellMarks & {
  /** How many lines above the header, or above the first row, are left out. */
  skip: number;
  /** Whether some of them are not blank. */
  titles: boolean;
  hasHeader: boolean;
  /** Whether it has no cell for the first column. */
  lacksName: boolean;
  /** A name for each cell of the header; rows may have more cells. */
  names: string[];
};

const DELIMITERS = [',', '\t', ';', '|'];
/** Is in no text, so that each line is one cell. */
const NO_DELIMITER = '\u001f';
const MOST_ROWS = 2_000;
const MOST_TITLE_LINES = 20;

type Reading = {
  marks: CellMarks;
  rows: CsvRow[];
  faults: number;
  /** How many rows above the table are none of its own. */
  titles: number;
  /** Whether all rows of the table have as many cells as the first. */
  isEven: boolean;
  width: number;
  /** Whether the header has no cell for the first column. */
  lacksName?: boolean;
};

/**
 * How a file is read, judged by its beginning. No row is lost by it: a line is left out only above a table whose header
 * is beyond doubt and whose rows all have as many cells as that, and rows that fit no table are left to who reads on.
 */
export function judgeDialect(
  head: string,
  { isWhole, isTabs }: { isWhole: boolean; isTabs: boolean },
): Dialect {
  const { named, rest } = namedDelimiter(head);
  if (named !== undefined) return namedDialect(rest, named, isWhole);
  const delimiters = isTabs ? ['\t', ...DELIMITERS.filter((one) => one !== '\t')] : DELIMITERS;
  const readings = delimiters.flatMap((delimiter) =>
    quotings(head).map((quoting) => readAs(head, { delimiter, ...quoting }, isWhole)),
  );
  const best = readings.filter(isTable).sort(byLikelihood)[0];
  return best === undefined ? oneColumn(head, isWhole) : dialectOf(best);
}

/** Of a file whose first line names the delimiter, as Excel has it. */
function namedDialect(rest: string, delimiter: string, isWhole: boolean): Dialect {
  const dialect = dialectOf(readAs(rest, { delimiter, quote: '"', escapedBy: '"' }, isWhole));
  return { ...dialect, skip: dialect.skip + 1, titles: true };
}

/** The delimiter that the first line names, if it names one, as `sep=;`, and what follows that line. */
export function namedDelimiter(head: string): { named: string | undefined; rest: string } {
  const [line = '', named] = /^"?sep=([,;|\t])"?[,;|\t]*(\r\n|\r|\n)/i.exec(head) ?? [];
  return { named, rest: head.slice(line.length) };
}

/** The same file without anything left out above it, but for a line that names the delimiter. */
export function withoutTitles(head: string, isWhole: boolean, marks: CellMarks): Dialect {
  const { named, rest } = namedDelimiter(head);
  if (named !== undefined) return { ...namedDialect(rest, named, isWhole), titles: false };
  const { rows, faults } = beginningOf(head, marks, isWhole);
  const width = rows[0]?.cells.length ?? 1;
  return dialectOf({ marks, rows, faults, titles: 0, isEven: false, width });
}

/** Names of `width` columns, for which the header has the first. */
export function columnNames({ names }: Pick<Dialect, 'names'>, width: number): string[] {
  const digits = String(width - 1).length;
  return distinctNames(
    Array.from(
      { length: Math.max(width, names.length) },
      (_, index) => names[index]?.trim() || `column${String(index).padStart(digits, '0')}`,
    ),
  );
}

function quotings(head: string): Omit<CellMarks, 'delimiter'>[] {
  const double = { quote: '"', escapedBy: '"' };
  if (head.includes('\\"')) return [double, { quote: '"', escapedBy: '\\' }];
  if (!head.includes('"') && head.includes("'")) return [double, { quote: "'", escapedBy: "'" }];
  return [double];
}

function readAs(head: string, marks: CellMarks, isWhole: boolean): Reading {
  const { rows, faults } = beginningOf(head, marks, isWhole);
  const first = rows[0]?.cells.length ?? 0;
  const reading = { marks, rows, faults, titles: 0, isEven: true, width: first };
  const last = rows.at(-1)?.cells.length ?? 0;
  const start = startOf(rows, last);
  if (start > 0 && areTitles(rows, start, last)) return { ...reading, titles: start, width: last };
  if (rows.every((row) => hasWidth(row, first))) return reading;
  const [header, ...below] = rows;
  if (header && lacksFirstName(header, below)) {
    return {
      ...reading,
      rows: [{ ...header, cells: ['', ...header.cells] }, ...below],
      width: last,
      lacksName: true,
    };
  }
  return { ...reading, isEven: false };
}

/** Where a table begins whose last row has so many cells. */
function startOf(rows: readonly CsvRow[], width: number): number {
  const even = rows.findLastIndex((row) => !hasWidth(row, width)) + 1;
  const filled = rows.findIndex((row, index) => index >= even && filledCells(row) > 1);
  return filled === -1 ? even : filled;
}

function filledCells({ cells }: CsvRow): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

/** Whether the first column has no name in the header, as R writes it, and not even an empty one. */
function lacksFirstName({ cells: names }: CsvRow, below: readonly CsvRow[]): boolean {
  if (names.length < 2 || names.some(isTyped)) return false;
  // A space after a comma is of a text that has both.
  const hasSpace = [...below.flatMap(({ cells }) => cells), ...names].some((cell) =>
    cell.startsWith(' '),
  );
  return !hasSpace && below.every(({ cells }) => cells.length === names.length + 1);
}

function beginningOf(head: string, marks: CellMarks, isWhole: boolean) {
  const read = readRows(head, marks, { isWhole, most: MOST_ROWS });
  // A first row that is longer than the beginning is cut, which is better than none.
  const { rows, faults } =
    read.rows.length > 0 ? read : readRows(head, marks, { isWhole: true, most: 1 });
  return { rows: rows.filter((row) => !isBlank(row)), faults: faults.length };
}

/** Whether a row has so many cells; further ones that are empty do not count. */
function hasWidth({ cells }: CsvRow, width: number): boolean {
  return (
    cells.length === width ||
    (width > 1 && cells.length > width && cells.slice(width).every((cell) => cell === ''))
  );
}

/**
 * Whether the rows before `start` are titles of a table that begins there: each of them a phrase, or set off by a blank line, above a
 * header that is beyond doubt.
 */
function areTitles(rows: readonly CsvRow[], start: number, width: number): boolean {
  if (width < 2 || start > MOST_TITLE_LINES || rows.length - start < Math.max(start, 2))
    return false;
  const titles = rows.slice(0, start);
  const [header, ...below] = rows.slice(start) as [CsvRow, ...CsvRow[]];
  if (titles.some((row) => filledCells(row) > 1 || row.cells.some(isTyped))) return false;
  const isSetOff = titles.some((row) => filledCells(row) === 0) || header.line > start + 1;
  const arePhrases = titles.some(({ cells }) =>
    cells.some((cell) => /[^\p{L}\p{N}_]/u.test(cell.trim())),
  );
  return (
    (isSetOff || arePhrases) &&
    header.cells.slice(0, width).every((cell) => cell.trim() !== '' && !isTyped(cell)) &&
    isHeaderProven([header, ...below])
  );
}

function isTable({ isEven, width, rows }: Reading): boolean {
  if (isEven) return width > 1;
  const below = rows.slice(1);
  const widths = Map.groupBy(below, ({ cells }) => cells.length);
  const share = (of: number) => below.filter((row) => hasWidth(row, of)).length / below.length;
  if (width > 1)
    return (
      share(width) >= 0.5 ||
      [...widths.keys()].some((of) => of > 1 && share(of) >= 0.5) ||
      (areNames(rows[0]) &&
        below.filter(({ cells }) => cells.length > 1).length >= below.length / 2)
    );
  // Text in one column may have any character; that nearly all rows have it as often says that it tells cells apart.
  return [...widths.keys()].some((of) => of > 1 && below.length > 2 && share(of) >= 0.8);
}

/** Whether a first row can hardly be a sentence, in which a space follows a comma. */
function areNames(row: CsvRow | undefined): boolean {
  return row?.cells.every((cell) => /^\S/.test(cell) && !isTyped(cell)) === true;
}

function byLikelihood(a: Reading, b: Reading): number {
  return (
    a.faults - b.faults ||
    Number(b.isEven) - Number(a.isEven) ||
    a.titles - b.titles ||
    b.width - a.width ||
    typedCells(b) - typedCells(a)
  );
}

function typedCells({ rows }: Reading): number {
  return rows.slice(0, 100).flatMap(({ cells }) => cells.filter(isTyped)).length;
}

function oneColumn(head: string, isWhole: boolean): Dialect {
  const marks = { delimiter: NO_DELIMITER, quote: '"', escapedBy: '"' };
  const { rows, faults } = beginningOf(head, marks, isWhole);
  return dialectOf({ marks, rows, faults, titles: 0, isEven: true, width: 1 });
}

function dialectOf({ marks, rows, titles, width, lacksName = false }: Reading): Dialect {
  const table = rows.slice(titles);
  const first = table[0];
  const hasHeader = first !== undefined && isHeader(table);
  return {
    ...marks,
    skip: first ? first.line - 1 : 0,
    titles: titles > 0,
    hasHeader,
    lacksName,
    names: hasHeader ? first.cells : new Array<string>(Math.max(width, 1)).fill(''),
  };
}

/** A first row is a header unless it has cells that are values, and nothing says otherwise. */
function isHeader(table: readonly CsvRow[]): boolean {
  const cells = table[0]?.cells ?? [];
  return !cells.some(isTyped) || isHeaderProven(table) || areYears(cells);
}

/** Whether some cell stands above values that are all of one kind, and is of another itself, as a name is. */
function isHeaderProven([first, ...below]: readonly CsvRow[]): boolean {
  return (first?.cells ?? []).some((cell, index) => {
    if (cell.trim() === '') return false;
    const values = below.map(({ cells }) => cells[index] ?? '').filter((value) => value !== '');
    const kind = kindOfCell(values[0] ?? '');
    return (
      kind !== undefined &&
      kind !== kindOfCell(cell) &&
      values.every((value) => kindOfCell(value) === kind)
    );
  });
}

/** Such as `region,2022,2023,2024`. */
function areYears(cells: readonly string[]): boolean {
  const years = cells.filter((cell) => /^(19|20)\d\d$/.test(cell)).map(Number);
  const others = cells.filter((cell) => !/^(19|20)\d\d$/.test(cell));
  const follow = years.every((year, index) => index === 0 || year === (years[index - 1] ?? 0) + 1);
  return years.length > 1 && follow && others.length > 0 && !others.some(isTyped);
}

const NUMBER = /^[-+]?(\d+([.,]\d*)*|[.,]\d+)([eE][-+]?\d+)?%?$/;
const TIME = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d\d.*)?$|^\d{1,2}:\d\d(:\d\d.*)?$/;

function kindOfCell(cell: string): 'number' | 'time' | 'truth' | undefined {
  const value = cell.trim();
  if (TIME.test(value)) return 'time';
  if (NUMBER.test(value)) return 'number';
  return /^(true|false)$/i.test(value) ? 'truth' : undefined;
}

function isTyped(cell: string): boolean {
  return kindOfCell(cell) !== undefined;
}
