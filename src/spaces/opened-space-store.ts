import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';

/** The slots of the spaces in which a member has opened reports, the last one first. */
export async function listOpenedSpaces(
  store: Store,
  organizationId: number,
  memberSlot: number,
  limit: number,
): Promise<number[]> {
  const rows = await store.all<{ slot: number }>(
    `select parent as slot from report_views join discovery_rows
       on discovery_rows.organization_id = report_views.organization_id and list = ? and slot = report_slot
     where report_views.organization_id = ? and member_slot = ? and parent is not null
     group by parent order by max(last_viewed_at) desc, parent limit ?`,
    [lists.reports.number, organizationId, memberSlot, limit],
  );
  return rows.map(({ slot }) => slot);
}
