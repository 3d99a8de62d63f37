import { csvLine } from './csv.ts';
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
