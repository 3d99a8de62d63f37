import type { Store, Value } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';

/** Which spaces are listed. A slot that is undefined or null stands for no space, or no member. */
export type SpaceFilter = {
  /** Personal spaces: everybody's, the one at a slot, or none. */
  personal: 'all' | 'none' | { slot: number | undefined };
  /** Of the shared spaces, only those that the member at this slot has made; all of them where it is undefined. */
  madeBy?: number | null;
};

export type ListedSpace = { slot: number; body: Buffer };

/**
 * Spaces in the order of their list, but those at the slots `first` ahead of all others, and how many there are in all.
 * Without a range that is every one.
 */
export async function listSpaces(
  store: Store,
  organizationId: number,
  { filter, first }: { filter: SpaceFilter; first: readonly number[] },
  range?: { offset: number; limit: number },
): Promise<{ rows: ListedSpace[]; total: number }> {
  const shared = filter.madeBy === undefined ? 'personal = 0' : `personal = 0 and ${MADE_BY}`;
  const personal = personalOf(filter);
  const where = `organization_id = ? and list = ? and body is not null and ((${shared}) or ${personal.sql})`;
  const values: Value[] = [
    organizationId,
    lists.spaces.number,
    ...(filter.madeBy === undefined ? [] : [organizationId, filter.madeBy]),
    ...personal.values,
  ];
  const places = first.map((_, place) => `when ? then ${place}`).join(' ');
  const order = first.length === 0 ? 'slot' : `case slot ${places} else ${first.length} end, slot`;
  const rows = await store.all<ListedSpace>(
    `select slot, body from discovery_rows where ${where} order by ${order}${range ? ' limit ? offset ?' : ''}`,
    [...values, ...first, ...(range ? [range.limit, range.offset] : [])],
  );
  if (range === undefined) return { rows, total: rows.length };
  const count = await store.get<{ total: number }>(
    `select count(*) as total from discovery_rows where ${where}`,
    values,
  );
  return { rows, total: count?.total ?? 0 };
}

const MADE_BY = `exists (select 1 from row_details d where d.organization_id = ?
  and d.slot = discovery_rows.slot and d.creator_slot = ?)`;

function personalOf({ personal }: SpaceFilter): { sql: string; values: Value[] } {
  if (personal === 'all') return { sql: 'personal = 1', values: [] };
  if (personal === 'none' || personal.slot === undefined) return { sql: '1 = 0', values: [] };
  return { sql: 'slot = ?', values: [personal.slot] };
}

/** How many reports lie in a space, archived ones too. */
export async function countReports(
  store: Store,
  organizationId: number,
  spaceSlot: number,
): Promise<number> {
  const count = await store.get<{ total: number }>(
    `select count(*) as total from discovery_rows
     where organization_id = ? and parent = ? and list = ? and (body is not null or archived_body is not null)`,
    [organizationId, spaceSlot, lists.reports.number],
  );
  return count?.total ?? 0;
}
