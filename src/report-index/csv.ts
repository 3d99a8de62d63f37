import { formulaStarts } from '../data-sources/formula-starts.ts';

/**
 * A line of CSV as RFC 4180 has it. A text that a spreadsheet would take for a formula gets `'` before it, which keeps it
 * a text: what people call their reports is not to run on the machine of who opens the file.
 */
export function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = formulaStarts.includes(value.charAt(0)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
