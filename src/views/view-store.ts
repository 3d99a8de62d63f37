import type { Store } from '../database/database.ts';

/** How a member reads a report. */
export type ReportView = { memberSlot: number; views: number; lastViewedAt: string };

/** When a member last opened a report, if ever. */
export async function findLastView(
  store: Store,
  organizationId: number,
  { reportSlot, memberSlot }: { reportSlot: number; memberSlot: number },
): Promise<string | undefined> {
  const row = await store.get<{ at: string }>(
    `select last_viewed_at as at from report_views
     where organization_id = ? and report_slot = ? and member_slot = ?`,
    [organizationId, reportSlot, memberSlot],
  );
  return row?.at;
}

/** Notes that a member opened a report; `visits` is how many more visits that makes. */
export async function saveView(
  store: Store,
  organizationId: number,
  view: { reportSlot: number; memberSlot: number; at: string; visits: 0 | 1 },
): Promise<void> {
  await store.run(
    `insert into report_views (organization_id, report_slot, member_slot, views, last_viewed_at)
     values (?, ?, ?, ?, ?)
     on conflict (organization_id, report_slot, member_slot) do update
       set views = report_views.views + excluded.views, last_viewed_at = excluded.last_viewed_at`,
    [organizationId, view.reportSlot, view.memberSlot, view.visits, view.at],
  );
}

/** The slots of the reports that a member opened last, the last first; those of deleted reports included. */
export async function listLastViewed(
  store: Store,
  organizationId: number,
  memberSlot: number,
  limit: number,
): Promise<number[]> {
  const rows = await store.all<{ slot: number }>(
    `select report_slot as slot from report_views where organization_id = ? and member_slot = ?
     order by last_viewed_at desc, report_slot limit ?`,
    [organizationId, memberSlot, limit],
  );
  return rows.map(({ slot }) => slot);
}

/** Who reads a report, who opened it last first, and how many they are in all. */
export async function listViews(
  store: Store,
  organizationId: number,
  reportSlot: number,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ views: ReportView[]; total: number }> {
  const views = await store.all<ReportView>(
    `select member_slot as "memberSlot", views, last_viewed_at as "lastViewedAt" from report_views
     where organization_id = ? and report_slot = ? order by last_viewed_at desc, member_slot limit ? offset ?`,
    [organizationId, reportSlot, limit, offset],
  );
  const counted = await store.get<{ total: number }>(
    'select count(*) as total from report_views where organization_id = ? and report_slot = ?',
    [organizationId, reportSlot],
  );
  return { views, total: counted?.total ?? 0 };
}

export async function deleteViews(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<void> {
  await store.run('delete from report_views where organization_id = ? and report_slot = ?', [
    organizationId,
    reportSlot,
  ]);
}
