import { type Actor, recordAudit } from '../audit/audit-log-store.ts';
import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { findRows } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { type Schedule, stopSchedule } from './schedule-store.ts';
import { showSchedulesInStats } from './schedules-in-stats.ts';

/** Stops schedules whose owner was removed, until a member takes them over. Within a transaction. */
export async function stopSchedules(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  schedules: readonly Schedule[],
  { at, by }: { at: string; by: Actor },
): Promise<void> {
  const active = schedules.filter(({ nextAt }) => nextAt !== null);
  for (const { number } of active) await stopSchedule(store, organizationId, number, at);
  const slots = [...new Set(active.map(({ reportSlot }) => reportSlot))];
  for (const slot of slots) await showSchedulesInStats(store, organizationId, writer, slot);
  const reports = await findRows(store, organizationId, lists.reports, 'slot', slots);
  const tokens = new Map(reports.map(({ slot, token }) => [slot, token]));
  for (const { token, name, reportSlot, creatorEmail } of active) {
    await recordAudit(store, organizationId, {
      at,
      actor: by,
      action: 'schedule.stopped',
      subject: { kind: 'schedule', token, name },
      detail: { report: tokens.get(reportSlot) ?? null, owner: creatorEmail },
    });
  }
}
