import type { Store } from '../database/database.ts';

/** What people make of a report, each with the slot of the report that it is about. */
const TABLES = [
  'schedules',
  'report_views',
  'report_favorites',
  'drafts',
  'report_versions',
  'runs',
] as const;

/** The slots, of those of some reports, for which anything was made here: a schedule, a view, a favorite, a draft, a version, a run. */
export async function findReportsWithWork(
  store: Store,
  organizationId: number,
  slots: readonly number[],
): Promise<Set<number>> {
  const found = new Set<number>();
  for (const table of TABLES) {
    const rows = await store.allEach<{ slot: number }>(
      `select report_slot as slot from ${table} where organization_id = ? and report_slot = ? limit 1`,
      slots.map((slot) => [organizationId, slot]),
    );
    for (const { slot } of rows) found.add(slot);
  }
  return found;
}
