import type { Queries } from '../database/database.ts';
import type { List, ListName } from '../inventory/lists.ts';
import { listPublished } from '../inventory/published-row-store.ts';
import { verifyRow } from '../inventory/store-damage.ts';

/** A row as it is now: its JSON, listed or archived, or null where it is gone. It is text, since it passes between threads: V8 gives back small buffers late. */
export type ChangedRow = {
  list: ListName;
  slot: number;
  changed: number;
  parent: number | null;
  personal: boolean;
  archived: boolean;
  body: string | null;
};

/** Up to `limit` rows of a list changed after a position, oldest change first. */
export async function listRowsChangedAfter(
  queries: Queries,
  organizationId: number,
  { list, position, limit }: { list: List; position: number; limit: number },
): Promise<ChangedRow[]> {
  const rows = await listPublished<{
    slot: number;
    changed: number;
    id: number;
    token: string;
    parent: number | null;
    personal: number;
    archived: number;
    body: Buffer | null;
    checksum: number | null;
  }>(queries, organizationId, {
    ...{ list: list.number, by: 'changed', after: position, limit },
    columns: `slot, changed, id, token, parent, personal, case when archived_body is null then 0 else 1 end as archived,
       coalesce(body, archived_body) as body, checksum`,
  });
  return rows.map(verifyRow).map(({ slot, changed, parent, personal, archived, body }) => ({
    ...{ slot, changed, parent },
    body: body?.toString() ?? null,
    list: list.name,
    personal: personal === 1,
    archived: archived === 1,
  }));
}
