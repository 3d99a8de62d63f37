import type { Store } from '../database/database.ts';

type Favorite = { memberSlot: number; reportSlot: number };

/** Marks a report as a favorite of a member; one that is marked stays as it is. */
export async function insertFavorite(
  store: Store,
  organizationId: number,
  { memberSlot, reportSlot, at }: Favorite & { at: string },
): Promise<void> {
  await store.run(
    `insert into report_favorites (organization_id, member_slot, report_slot, created_at) values (?, ?, ?, ?)
     on conflict (organization_id, member_slot, report_slot) do nothing`,
    [organizationId, memberSlot, reportSlot, at],
  );
}

export async function deleteFavorite(
  store: Store,
  organizationId: number,
  { memberSlot, reportSlot }: Favorite,
): Promise<void> {
  await store.run(
    'delete from report_favorites where organization_id = ? and member_slot = ? and report_slot = ?',
    [organizationId, memberSlot, reportSlot],
  );
}

/** The slots of a member's favorites, those of deleted reports included, and of reports that the member can no longer see. */
export async function listFavorites(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<number[]> {
  const rows = await store.all<{ slot: number }>(
    'select report_slot as slot from report_favorites where organization_id = ? and member_slot = ?',
    [organizationId, memberSlot],
  );
  return rows.map(({ slot }) => slot);
}

export async function isFavorite(
  store: Store,
  organizationId: number,
  { memberSlot, reportSlot }: Favorite,
): Promise<boolean> {
  const row = await store.get(
    `select 1 as one from report_favorites
     where organization_id = ? and member_slot = ? and report_slot = ?`,
    [organizationId, memberSlot, reportSlot],
  );
  return row !== undefined;
}

/** Forgets whose favorite a report was. */
export async function deleteFavoritesOfReport(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<void> {
  await store.run('delete from report_favorites where organization_id = ? and report_slot = ?', [
    organizationId,
    reportSlot,
  ]);
}
