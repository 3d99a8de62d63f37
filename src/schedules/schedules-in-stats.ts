import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { patchRow } from '../inventory/patch-row.ts';
import { listChildren } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { listReportSchedules } from './schedule-store.ts';

/** Makes the stats of a report, if it has any, say how many of its schedules are active, and whose they are. */
export async function showSchedulesInStats(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  reportSlot: number,
): Promise<void> {
  const list = lists.report_stats;
  const children = await listChildren(store, organizationId, [reportSlot]);
  const stats = children.find((child) => child.list === list);
  if (stats === undefined) return;
  const schedules = await listReportSchedules(store, organizationId, reportSlot);
  const active = schedules.filter(({ nextAt }) => nextAt !== null);
  const emails = active.map(({ creatorEmail }) => creatorEmail).filter((email) => email !== null);
  await patchRow(store, organizationId, writer, { list, slot: stats.slot }, (row) => {
    // Who ran it last stays first.
    const known = row.scheduled_run_creators_emails.filter((email) => emails.includes(email));
    const shown = {
      active_schedules_count: active.length,
      scheduled_run_creators_emails: [...new Set([...known, ...emails])],
    };
    return isDeepStrictEqual({ ...row, ...shown }, row) ? {} : shown;
  });
}
