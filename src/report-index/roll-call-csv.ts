import { formulaStarts } from '../data-sources/for-spreadsheets.ts';
import type { CalledReport } from './roll-call-question.ts';

const columns: Record<string, (report: CalledReport) => string | boolean | null> = {
  token: ({ token }) => token,
  name: ({ name }) => name,
  state: ({ state }) => state,
  space_token: ({ spaceToken }) => spaceToken,
  space_name: ({ spaceName }) => spaceName,
  creator_email: ({ creatorEmail }) => creatorEmail,
  owner_left: ({ ownerLeft }) => ownerLeft,
  last_run_at: ({ lastRunAt }) => lastRunAt,
  last_run_state: ({ lastRunState }) => lastRunState,
  last_successfully_run_at: ({ lastSuccessAt }) => lastSuccessAt,
  last_viewed_at: ({ lastViewedAt }) => lastViewedAt,
  same_sql: ({ sameSql }) => sameSql,
};

export const rollCallCsvHeader = csvLine(Object.keys(columns));

/** A report as a line of CSV. */
export function rollCallCsvLine(report: CalledReport): string {
  return csvLine(Object.values(columns).map((cell) => cell(report)));
}

/**
 * A line of CSV as RFC 4180 has it. A text that a spreadsheet would take for a formula gets `'` before it, which keeps it
 * a text: what people call their reports is not to run on the machine of who opens the file.
 */
function csvLine(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = formulaStarts.includes(value.charAt(0)) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
