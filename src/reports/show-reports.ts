import type { Queries } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRowDetails } from '../inventory/row-detail-store.ts';
import { countChildren, findRows, type StoredRow } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { countRuns } from '../runs/run-store.ts';
import { findCreators } from './creators.ts';
import { type Report, toReport } from './report-schema.ts';

/** Reports as the REST API shows them. */
export async function showReports(
  queries: Queries,
  organization: Organization,
  stored: readonly StoredRow[],
): Promise<Report[]> {
  const { id } = organization;
  const slots = stored.map(({ slot }) => slot);
  const rows = stored.map((row) => readRow(lists.reports, row));
  const stats = await findRows(queries, id, lists.report_stats, 'parent', slots);
  const statsOf = new Map(stats.map((row) => [row.parent, readRow(lists.report_stats, row)]));
  const queryCounts = await countChildren(queries, id, lists.queries, slots);
  const chartCounts = await countChildren(queries, id, lists.charts, slots);
  const runCounts = await countRuns(queries, id, slots);
  const details = await findRowDetails(queries, id, slots);
  const creators = await findCreators(
    queries,
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
      creator: creators[index]?.token,
    }),
  );
}

/** One report as the REST API shows it. */
export async function showReport(
  queries: Queries,
  organization: Organization,
  stored: StoredRow,
): Promise<Report> {
  const [shown] = await showReports(queries, organization, [stored]);
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
