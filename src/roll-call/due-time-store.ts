import type { Store } from '../database/database.ts';

/**
 * When schedules that are on last fell due before `until`, by the slots of their reports: up to `limit` reports after a
 * slot.
 */
export async function listLastDueTimes(
  store: Store,
  organizationId: number,
  { until, after, limit }: { until: string; after: number; limit: number },
): Promise<{ slot: number; due: string }[]> {
  return store.all(
    `select report_slot as slot, max(last_scheduled_at) as due from schedules
     where organization_id = ? and report_slot > ? and next_at is not null and last_scheduled_at <= ?
     group by report_slot order by report_slot limit ?`,
    [organizationId, after, until, limit],
  );
}
