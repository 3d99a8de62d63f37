import type { Store } from '../database/database.ts';

/** What the REST API tells of a thing beyond its row. What was imported has none until it is edited here. */
export type RowDetails = {
  createdAt: string | null;
  updatedAt: string | null;
  /** The member who made it. */
  creatorSlot: number | null;
  /** What only one kind of thing has, as JSON. */
  content: string | null;
};

/** What is known of the things at these slots, by slot. */
export async function findRowDetails(
  store: Store,
  organizationId: number,
  slots: readonly number[],
): Promise<Map<number, RowDetails>> {
  const rows = await store.allEach<RowDetails & { slot: number }>(
    `select slot, created_at as "createdAt", updated_at as "updatedAt", creator_slot as "creatorSlot", content
     from row_details where organization_id = ? and slot = ?`,
    slots.map((slot) => [organizationId, slot]),
  );
  return new Map(rows.map(({ slot, ...details }) => [slot, details]));
}

/** Keeps what is known of a thing, in place of what was known before. */
export async function saveRowDetails(
  store: Store,
  organizationId: number,
  slot: number,
  { createdAt, updatedAt, creatorSlot, content }: RowDetails,
): Promise<void> {
  await store.run(
    `insert into row_details (organization_id, slot, created_at, updated_at, creator_slot, content)
     values (?, ?, ?, ?, ?, ?)
     on conflict (organization_id, slot) do update set created_at = excluded.created_at,
       updated_at = excluded.updated_at, creator_slot = excluded.creator_slot, content = excluded.content`,
    [organizationId, slot, createdAt, updatedAt, creatorSlot, content],
  );
}

export async function deleteRowDetails(
  store: Store,
  organizationId: number,
  slot: number,
): Promise<void> {
  await store.run('delete from row_details where organization_id = ? and slot = ?', [
    organizationId,
    slot,
  ]);
}
