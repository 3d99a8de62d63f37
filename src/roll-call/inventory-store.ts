import type { Queries } from '../database/database.ts';
import type { List } from '../discovery/lists.ts';

/** A row that changed; its body is null where no list holds it any more. */
export type ChangedRow = {
  slot: number;
  changed: number;
  parent: number | null;
  personal: number;
  body: Buffer | null;
};

/** Up to `limit` rows of a list that changed after a position, oldest change first. */
export async function listChangedRows(
  queries: Queries,
  organizationId: number,
  { list, position, limit }: { list: List; position: number; limit: number },
): Promise<ChangedRow[]> {
  return queries.all<ChangedRow>(
    `select slot, changed, parent, personal, body from discovery_rows
     where organization_id = ? and list = ? and changed > ? order by changed limit ?`,
    [organizationId, list.number, position, limit],
  );
}

export type SharedRow = { slot: number; parent: number | null; body: Buffer };

/** Up to `limit` listed rows of a list after a slot that everybody may see, in the order of their slots. */
export async function listSharedRows(
  queries: Queries,
  organizationId: number,
  { list, after, limit }: { list: List; after: number; limit: number },
): Promise<SharedRow[]> {
  return queries.all<SharedRow>(
    `select slot, parent, body from discovery_rows
     where organization_id = ? and list = ? and slot > ? and personal = 0 and body is not null
     order by slot limit ?`,
    [organizationId, list.number, after, limit],
  );
}

/** For each report with a schedule that is on, by slot: the last time before `until` at which one fell due. */
export async function listLastDueTimes(
  queries: Queries,
  organizationId: number,
  until: string,
): Promise<Map<number, string>> {
  const rows = await queries.all<{ slot: number; due: string }>(
    `select report_slot as slot, max(last_scheduled_at) as due from schedules
     where organization_id = ? and next_at is not null and last_scheduled_at <= ? group by report_slot`,
    [organizationId, until],
  );
  return new Map(rows.map(({ slot, due }) => [slot, due]));
}
