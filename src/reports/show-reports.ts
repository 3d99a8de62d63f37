import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../database/database.ts';
import { lists, type Row } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRowDetails } from '../inventory/row-detail-store.ts';
import {
  countChildren,
  findFirstChildren,
  findRows,
  type StoredRow,
} from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { shownState } from '../runs/run.ts';
import { runOfRow } from '../runs/run-of-row.ts';
import { countRuns, findLastSuccesses, type LastSuccess } from '../runs/run-store.ts';
import { findCreators } from './creators.ts';
import { type KnownRuns, type Report, toReport } from './report-schema.ts';

/** Reports as the REST API shows them. */
export async function showReports(
  store: Store,
  organization: Organization,
  stored: readonly StoredRow[],
): Promise<Report[]> {
  const { id } = organization;
  const slots = stored.map(({ slot }) => slot);
  const rows = stored.map((row) => readRow(lists.reports, row));
  const stats = await findRows(store, id, lists.report_stats, 'parent', slots);
  const statsOf = new Map(stats.map((row) => [row.parent, readRow(lists.report_stats, row)]));
  const queryCounts = await countChildren(store, id, lists.queries, slots);
  const chartCounts = await countChildren(store, id, lists.charts, slots);
  const runCounts = await countRuns(store, id, slots);
  const successes = await findLastSuccesses(store, id, slots);
  const texts = await firstTexts(store, id, slots);
  const details = await findRowDetails(store, id, slots);
  const creators = await findCreators(
    store,
    id,
    rows.map(({ creator_email: email }, index) => {
      const slot = details.get(slots[index] as number)?.creatorSlot ?? null;
      return { slot, email };
    }),
  );
  return stored.map(({ slot, archived, personal, sourceId }, index) =>
    toReport(organization, readRow(lists.reports, stored[index] as StoredRow), {
      archived,
      imported: sourceId !== null,
      shared: !personal,
      stats: statsOf.get(slot),
      queryCount: queryCounts.get(slot) ?? 0,
      chartCount: chartCounts.get(slot) ?? 0,
      runsCount: runCounts.get(slot) ?? 0,
      sql: texts.get(slot) ?? null,
      runs: knownRuns(slot, rows[index] as Row<'reports'>, {
        success: successes.get(slot),
        hasRun: runCounts.has(slot),
      }),
      creator: creators[index]?.token,
    }),
  );
}

/** What a report's row and the runs that are kept tell of its last runs. */
function knownRuns(
  slot: number,
  row: Row<'reports'>,
  { success, hasRun }: { success: LastSuccess | undefined; hasRun: boolean },
): KnownRuns {
  const last = runOfRow(slot, row);
  const succeeded = last?.state === 'succeeded' ? last : success;
  const isUnderWay = hasRun && row.last_run_state === shownState('running');
  const seconds = (parse(succeeded?.endedAt) - parse(succeeded?.startedAt)) / 1000;
  return {
    lastToken: last?.token ?? (isUnderWay ? (row.last_run_token ?? undefined) : undefined),
    lastSuccessToken: succeeded?.token,
    expectedSeconds: seconds >= 0 ? seconds : null,
    hasResults: success !== undefined && success.expiredAt === null,
  };
}

const parse = (time: string | null | undefined) => Date.parse(time ?? '');

/** The SQL of the first query of each report, by slot. */
async function firstTexts(
  store: Store,
  organizationId: number,
  slots: readonly number[],
): Promise<Map<number, string | null>> {
  const texts = new Map<number, string | null>();
  for (const row of await findFirstChildren(store, organizationId, lists.queries, slots)) {
    // Each may have a megabyte of SQL.
    if (row.body.length > LARGE) await nextTurn();
    if (row.parent !== null) texts.set(row.parent, readRow(lists.queries, row).raw_query);
  }
  return texts;
}

const LARGE = 100_000;

/** One report as the REST API shows it. */
export async function showReport(
  store: Store,
  organization: Organization,
  stored: StoredRow,
): Promise<Report> {
  const [shown] = await showReports(store, organization, [stored]);
  return shown as Report;
}

/**
 * What of a report stands behind its ETag: what people change. That it ran or was looked at gets in nobody's way who is
 * writing.
 */
export function editableState(stored: StoredRow): object {
  const { name, description, edited_at, space_token } = readRow(lists.reports, stored);
  return { name, description, edited_at, space_token, archived: stored.archived };
}
