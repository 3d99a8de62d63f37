import type { Queries } from '../database/database.ts';
import type { List, ListName } from '../inventory/lists.ts';

/** A row as it is now: its bytes, listed or archived, or null where it is gone. */
export type ChangedRow = {
  list: ListName;
  slot: number;
  changed: number;
  parent: number | null;
  personal: boolean;
  archived: boolean;
  body: Uint8Array | null;
};

/** Up to `limit` rows of a list changed after a position, oldest change first. */
export async function listRowsChangedAfter(
  queries: Queries,
  organizationId: number,
  { list, position, limit }: { list: List; position: number; limit: number },
): Promise<ChangedRow[]> {
  const rows = await queries.all<{
    slot: number;
    changed: number;
    parent: number | null;
    personal: number;
    archived: number;
    body: Uint8Array | null;
  }>(
    `select slot, changed, parent, personal, case when archived_body is null then 0 else 1 end as archived,
       coalesce(body, archived_body) as body
     from discovery_rows where organization_id = ? and list = ? and changed > ? order by changed limit ?`,
    [organizationId, list.number, position, limit],
  );
  return rows.map(({ personal, archived, ...row }) => ({
    ...row,
    list: list.name,
    personal: personal === 1,
    archived: archived === 1,
  }));
}
