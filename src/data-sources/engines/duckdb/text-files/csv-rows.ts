/** How the cells of a text file are told from one another. */
export type CellMarks = {
  delimiter: string;
  quote: string;
  /** What stands before a quote within a quoted cell: another quote, or a backslash. */
  escapedBy: string;
};

export type CsvRow = {
  cells: string[];
  /** Line of the file that it begins in, from 1. */
  line: number;
};

export type ReadRows = {
  rows: CsvRow[];
  /** Lines with quotes that are not where they should be. */
  faults: number[];
  /** Where in the text the last of the rows ends, and which line follows. */
  end: number;
  line: number;
};

/**
 * The rows of a text, as RFC 4180 has them, with any line ends. Lines without anything are rows only of one column.
 *
 * @param isWhole whether the text ends where the file does; otherwise its last row is left out, since it may be cut.
 * @param line number of its first line.
 */
export function readRows(
  text: string,
  { delimiter, quote, escapedBy }: CellMarks,
  {
    isWhole,
    most = Number.POSITIVE_INFINITY,
    line: firstLine = 1,
  }: { isWhole: boolean; most?: number; line?: number },
): ReadRows {
  const rows: CsvRow[] = [];
  const faults: number[] = [];
  let line = firstLine;
  let endLine = firstLine;
  let end = 0;
  for (let at = 0; at < text.length && rows.length < most; ) {
    const row: CsvRow = { cells: [], line };
    let fault = false;
    for (let isEnd = false; !isEnd; ) {
      const start = at;
      let cell = '';
      // DuckDB passes over spaces before a quote, too.
      while (text[at] === ' ') at++;
      if (text[at] === quote) {
        const closing = closingQuote(text, at + 1, quote, escapedBy);
        const stop = closing === -1 ? text.length : closing;
        fault ||= closing === -1;
        const inside = text.slice(at + 1, stop);
        line += inside.match(/\r\n|\r|\n/g)?.length ?? 0;
        cell = inside.replaceAll(escapedBy + quote, quote);
        at = stop + (closing === -1 ? 0 : 1);
      } else at = start;
      const rest = at;
      while (at < text.length && !isCellEnd(text[at] as string, delimiter)) at++;
      if (at > rest) {
        fault ||= rest > start;
        cell = text.slice(start, at);
      }
      row.cells.push(cell);
      isEnd = at >= text.length || text[at] !== delimiter;
      if (!isEnd) at++;
    }
    // A carriage return at the end of a part may be the first half of a line end.
    if (at >= text.length - 1 && !isWhole) break;
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line++;
    if (fault) faults.push(row.line);
    rows.push(row);
    end = at;
    endLine = line;
  }
  return { rows, faults, end, line: endLine };
}

/** Whether a row is a line without anything. */
export function isBlank({ cells }: CsvRow): boolean {
  return cells.length === 1 && cells[0] === '';
}

function isCellEnd(character: string, delimiter: string): boolean {
  return character === delimiter || character === '\n' || character === '\r';
}

/** Where the quote is that ends a cell; -1 where the text ends before. */
function closingQuote(text: string, from: number, quote: string, escapedBy: string): number {
  for (let at = from; ; at++) {
    at = text.indexOf(quote, at);
    if (at === -1) return -1;
    if (escapedBy === quote) {
      if (text[at + 1] !== quote) return at;
      at++;
    } else {
      let escapes = 0;
      while (text[at - 1 - escapes] === escapedBy && at - 1 - escapes >= from) escapes++;
      if (escapes % 2 === 0) return at;
    }
  }
}
