import type { Store } from '../database/database.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { findListedMembers } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { type Run, shownState } from './run.ts';
import { type ReportRun, toReportRun } from './run-schema.ts';
import { countQueryRuns, findNewestRuns } from './run-store.ts';

/** Runs of one report as the REST API shows them. */
export async function showRuns(
  store: Store,
  organization: Organization,
  report: StoredRow,
  runs: readonly Run[],
): Promise<ReportRun[]> {
  const newest = await findNewestRuns(store, organization.id, report.slot);
  const counts = await countQueryRuns(
    store,
    organization.id,
    runs.map(({ number }) => number),
  );
  const people = distinct(runs.map(({ memberSlot }) => memberSlot));
  const members = await findListedMembers(store, organization.id, people);
  const bySlot = new Map(members.map((member) => [member.slot, member]));
  return runs.map((run) => {
    const queries = counts.get(run.number) ?? { total: 0, ended: 0, results: 0 };
    const hasResults = queries.results > 0 && run.expiredAt === null;
    return toReportRun(organization, run, {
      reportToken: report.token,
      queries,
      hasContent: hasResults || shownState(run.state) === 'enqueued',
      isLatest: run.number === newest.any,
      isLatestSuccessful: run.state === 'succeeded' && run.number === newest.succeeded,
      hasFailuresSince: newest.failed > newest.succeeded,
      executedBy: bySlot.get(run.memberSlot ?? 0),
      scheduleToken: run.scheduleToken ?? undefined,
    });
  });
}

/** One run as the REST API shows it. */
export async function showRun(
  store: Store,
  organization: Organization,
  report: StoredRow,
  run: Run,
): Promise<ReportRun> {
  const [shown] = await showRuns(store, organization, report, [run]);
  return shown as ReportRun;
}

function distinct(numbers: readonly (number | null)[]): number[] {
  return [...new Set(numbers.filter((number) => number !== null))];
}
