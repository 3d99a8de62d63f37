import { Readable } from 'node:stream';
import { csvLine } from '../http/csv.ts';
import type { CalledReport, RollCall } from './call-roll.ts';

const columns: Record<
  string,
  (report: CalledReport, spaces: RollCall['spaces']) => string | boolean | null
> = {
  token: ({ token }) => token,
  name: ({ name }) => name,
  state: ({ state }) => state,
  space_token: ({ space }, spaces) => spaces.get(space ?? 0)?.token ?? null,
  space_name: ({ space }, spaces) => spaces.get(space ?? 0)?.name ?? null,
  creator_email: ({ creatorEmail }) => creatorEmail,
  owner_left: ({ ownerLeft }) => ownerLeft,
  last_run_at: ({ lastRunAt }) => lastRunAt,
  last_run_state: ({ lastRunState }) => lastRunState,
  last_successfully_run_at: ({ lastSuccessAt }) => lastSuccessAt,
  last_viewed_at: ({ lastViewedAt }) => lastViewedAt,
  same_sql: ({ sharedSql }) => sharedSql ?? null,
};

const LINES_AT_ONCE = 1000;

/** The reports as CSV with a header, a line for each. */
export function rollCallCsv(
  reports: readonly CalledReport[],
  { spaces }: Pick<RollCall, 'spaces'>,
): Readable {
  const cells = Object.values(columns);
  return Readable.from(
    (function* () {
      yield csvLine(Object.keys(columns));
      for (let from = 0; from < reports.length; from += LINES_AT_ONCE) {
        const some = reports.slice(from, from + LINES_AT_ONCE);
        yield some.map((report) => csvLine(cells.map((cell) => cell(report, spaces)))).join('');
      }
    })(),
  );
}
