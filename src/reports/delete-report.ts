import type { Queries } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { deleteRowDetails } from '../inventory/row-detail-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { deleteRunsOfReport } from '../runs/run-store.ts';
import { deleteSchedulesOfReport } from '../schedules/schedule-store.ts';
import { deleteViews } from '../views/view-store.ts';
import { deleteDraftsOfReport } from './draft-store.ts';
import type { StoredReport } from './report-rows.ts';
import { deleteVersions } from './version-store.ts';

/** Deletes a report with all that belongs to it; that it is gone stands in the change feed. */
export async function deleteReport(
  queries: Queries,
  organizationId: number,
  writer: RowWriter,
  { report, queries: ofReport, charts }: StoredReport,
  nowMs: number,
): Promise<void> {
  const { slot } = report;
  await writer.remove(lists.reports, [slot], nowMs);
  for (const row of [report, ...ofReport, ...charts]) {
    await deleteRowDetails(queries, organizationId, row.slot);
  }
  await deleteVersions(queries, organizationId, slot);
  await deleteDraftsOfReport(queries, organizationId, slot);
  await deleteViews(queries, organizationId, slot);
  await deleteSchedulesOfReport(queries, organizationId, slot);
  await deleteRunsOfReport(queries, organizationId, slot);
}
