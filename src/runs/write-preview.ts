import { CUT_MARK } from '../data-sources/cut-mark.ts';
import { BYTE_ORDER_MARK, formulaStarts } from '../data-sources/for-spreadsheets.ts';
import type { QueryColumn, ResultFormat } from '../data-sources/query-job.ts';

/** What is longer takes a process less time than it would take us. */
const MOST_CHARACTERS = 200_000;

/** Types whose values stand in CSV just as they do in a preview. */
const PLAIN = /^(VARCHAR|BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|DATE|TIME|UUID)$/;

type Options = { format: ResultFormat; safeForSpreadsheets: boolean };

/**
 * A small result in a format, from its preview: byte for byte what a process would make of its file. Undefined where it
 * takes one, as the preview is not all of the result, may have cut cells, is large, or has values that CSV writes in another way.
 */
export function writePreview(
  { columns, rows: count }: { columns: readonly QueryColumn[]; rows: number },
  preview: string,
  { format, safeForSpreadsheets }: Options,
): string | undefined {
  if (preview.length > MOST_CHARACTERS || preview.includes(`${CUT_MARK}"`)) return undefined;
  if (format === 'csv' && !columns.every(({ type }) => PLAIN.test(type))) return undefined;
  const rows = rowsOf(preview);
  if (rows.length !== count) return undefined;
  if (format === 'csv') return toCsv(columns, rows, safeForSpreadsheets);
  const names = columns.map(({ name }) => JSON.stringify(name));
  const objects = rows.map(
    (cells) => `{${cells.map((cell, index) => `${names[index]}:${cell}`).join(',')}}`,
  );
  if (format === 'ndjson') return objects.map((object) => `${object}\n`).join('');
  return `[\n\t${objects.join(',\n\t')}\n]\n`;
}

function toCsv(columns: readonly QueryColumn[], rows: string[][], isSafe: boolean): string {
  const safe = (text: string) =>
    isSafe && formulaStarts.includes(text.charAt(0)) ? `'${text}` : text;
  const header = columns.map(({ name }) => quoted(safe(name)));
  const lines = rows.map((cells) =>
    cells.map((cell, index) => {
      if (cell === 'null') return '';
      const text = cell.startsWith('"') ? String(JSON.parse(cell)) : cell;
      return quoted(columns[index]?.type === 'VARCHAR' ? safe(text) : text);
    }),
  );
  const text = [header, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
  return isSafe ? BYTE_ORDER_MARK + text : text;
}

function quoted(text: string): string {
  return text === '' || /[\n\r"#,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The cells of a JSON array of arrays, each as JSON: as they stand there, for a number that is read may lose digits. */
function rowsOf(json: string): string[][] {
  const rows: string[][] = [];
  let levels = 0;
  let from = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') at = endOfText(json, at);
    else if (sign === '[' || sign === '{') {
      levels++;
      if (levels === 2) {
        rows.push([]);
        from = at + 1;
      }
    } else if (sign === ']' || sign === '}' || sign === ',') {
      const isCell = levels === 2 && at > from;
      if (isCell) rows.at(-1)?.push(json.slice(from, at));
      if (levels === 2) from = at + 1;
      if (sign !== ',') levels--;
    }
  }
  return rows;
}

function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}
