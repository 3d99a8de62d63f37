import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';

/** Which reports of a space. */
export type ArchiveFilter = 'archived' | 'all';

const conditions: Record<ArchiveFilter, string> = {
  archived: 'archived_body is not null',
  all: '(body is not null or archived_body is not null)',
};

/** The slots of the reports in a space, in the order of their list. */
export async function listReportSlots(
  store: Store,
  organizationId: number,
  spaceSlot: number,
  filter: ArchiveFilter,
): Promise<number[]> {
  const rows = await store.all<{ slot: number }>(
    `select slot from discovery_rows
     where organization_id = ? and parent = ? and list = ? and ${conditions[filter]} order by slot`,
    [organizationId, spaceSlot, lists.reports.number],
  );
  return rows.map(({ slot }) => slot);
}
