import type { Store } from '../database/database.ts';
import type { List, View } from './lists.ts';
import { publishedRows, publishedValues } from './published-row-store.ts';
import { RowCounts } from './row-counts.ts';
import { lostOrganization, verifyRow } from './store-damage.ts';

/** Which rows are there for who follows a list: those of a view, or whatever there is, listed or archived. */
export type Followed = View | 'existing';

/** A row as it is after a change: its bytes, or null where it is not there any more for who follows. */
export type ChangedRow = {
  slot: number;
  changed: number;
  parent: number | null;
  personal: boolean;
  archived: boolean;
  body: Buffer | null;
};

/** A list as it is at the last change of its organization. */
export type ListHead = {
  position: number;
  /** Removals by changes numbered up to this are no longer remembered. */
  oldestChange: number;
  counts: RowCounts;
};

type RawHead = { head: number; oldestChange: number; rowCounts: string };
type RawRow = Omit<ChangedRow, 'personal' | 'archived'> & {
  id: number;
  token: string;
  personal: number;
  archived: number;
  checksum: number | null;
};

const BODY: Record<Followed, string> = {
  all: 'body',
  shared: 'case when personal = 0 then body end as body',
  existing: 'coalesce(body, archived_body) as body',
};
const COLUMNS =
  'slot, changed, id, token, parent, personal, case when archived_body is null then 0 else 1 end as archived, checksum';

/**
 * Up to `limit` rows of a list changed after a change, oldest change first, and how the list is then: it is one statement,
 * which sees one moment.
 *
 * @throws StoreFaultError where a row is damaged.
 */
export async function readChangedRows(
  store: Store,
  organizationId: number,
  { list, what, after, limit }: { list: List; what: Followed; after: number; limit: number },
): Promise<{ rows: ChangedRow[]; head: ListHead }> {
  const changed = publishedRows(`${COLUMNS}, ${BODY[what]}`, 'changed');
  const which = { list: list.number, by: 'changed', after, limit } as const;
  const found = await store.all<RawHead & (RawRow | { slot: null })>(
    `select o.position as head, o.oldest_change as "oldestChange", o.row_counts as "rowCounts", k.*
     from organizations o left join (${changed}) as k on o.id = ?
     where o.id = ? order by k.changed limit ?`,
    [...publishedValues(organizationId, which), organizationId, organizationId, limit],
  );
  const [first] = found;
  if (first === undefined) throw lostOrganization(organizationId);
  return {
    rows: found.filter((one) => one.slot !== null).map(toRow),
    head: {
      position: first.head,
      oldestChange: first.oldestChange,
      counts: new RowCounts(first.rowCounts),
    },
  };
}

function toRow(found: RawRow): ChangedRow {
  const { slot, changed, parent, personal, archived, body } = verifyRow(found);
  return { slot, changed, parent, personal: personal === 1, archived: archived === 1, body };
}
