import type { Database, Store, Value } from '../database/database.ts';
import type { ChangeBatch, FeedChange, FeedHead, FeedPosition } from './change-feed.ts';
import { type List, lists, type View } from './lists.ts';
import { publishedRows, publishedValues } from './published-row-store.ts';
import { lostOrganization, verifyRow } from './store-damage.ts';

const allLists = Object.values(lists);
const listOf = new Map<number, List>(allLists.map((list) => [list.number, list]));

/**
 * The next changes of all lists, oldest first: the next of each list, by its index, and of these the first. Each list has
 * its own limit because PostgreSQL would otherwise sort all that a list has.
 */
const NEXT_CHANGES: Record<View, string> = {
  all: nextChanges('all'),
  shared: nextChanges('shared'),
};

function nextChanges(view: View): string {
  const ofList = (list: List) =>
    publishedRows(
      `list, slot, changed, id, token, personal, checksum, ${shownColumns(list, view)}`,
      'changed',
      'and changed <= ?',
    );
  return `${allLists.map(ofList).join('\n    union all')}\n    order by changed limit ?`;
}

/** The same without what takes memory: the numbers of the changes, and how many bytes each brings. */
const NEXT_SIZES = `${allLists
  .map(() => publishedRows('changed, coalesce(octet_length(body), 0) as size', 'changed'))
  .join('\n    union all')}\n    order by changed limit ?`;

/** So many changes are few, whatever they bring. */
const FEW_CHANGES = 8;
/** What a batch brings at most, unless its first change alone is more. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Whether the view ever held a row, and what it holds of it now. */
function shownColumns(list: List, view: View): string {
  return view === 'shared' && list.followsSpaces
    ? 'was_shared as told, case when personal = 0 then body end as body'
    : 'cast(1 as smallint) as told, body';
}

type FoundChange = {
  list: number;
  slot: number;
  changed: number;
  id: number;
  token: string;
  told: number;
  personal: number;
  checksum: number | null;
  body: Uint8Array | null;
};

/** One without a change where there is none. */
type Found = FeedHead & (FoundChange | { list: null });

/**
 * What changed after a position, oldest change first, with the head of the organization, all of one moment: it is one
 * statement. Of the next `limit` changes of the organization, the batch has those that the view shows; so it may have
 * fewer, even none, and yet there is more. It ends earlier where rows are so long that it would have more than `mostBytes`.
 *
 * @param after undefined to begin with nothing.
 */
export async function readChanges(
  store: Store,
  organizationId: number,
  { view, after, limit, mostBytes = MOST_BYTES }: Wanted & { limit: number; mostBytes?: number },
): Promise<{ head: FeedHead; batch: ChangeBatch }> {
  const few = Math.min(limit, FEW_CHANGES);
  const next = await readBatch(store, organizationId, { view, after, limit: few, upTo: ALL });
  if (!next.batch.more || few === limit) return next;
  const sizes = await store.all<{ changed: number; size: number }>(NEXT_SIZES, [
    ...valuesOfAll(organizationId, after?.position ?? 0, limit),
    limit,
  ]);
  let bytes = 0;
  const fitting = sizes.filter(({ size }, index) => {
    bytes += size;
    return index < few || bytes <= mostBytes;
  });
  const upTo = fitting.at(-1)?.changed ?? ALL;
  return readBatch(store, organizationId, { view, after, limit: fitting.length, upTo });
}

type Wanted = { view: View; after: FeedPosition | undefined };

/** Beyond every change. */
const ALL = Number.MAX_SAFE_INTEGER;

function valuesOfAll(
  organizationId: number,
  after: number,
  limit: number,
  ofCondition: readonly Value[] = [],
): Value[] {
  return allLists.flatMap(({ number: list }) =>
    publishedValues(organizationId, { list, by: 'changed', after, limit }, ofCondition),
  );
}

async function readBatch(
  store: Store,
  organizationId: number,
  { view, after, limit, upTo }: Wanted & { limit: number; upTo: number },
): Promise<{ head: FeedHead; batch: ChangeBatch }> {
  const found = await store.all<Found>(
    `select o.epoch, o.position, o.oldest_change as "oldestChange", k.*
     from organizations o left join (${NEXT_CHANGES[view]}) as k on o.id = ?
     where o.id = ? order by k.changed`,
    [
      ...valuesOfAll(organizationId, after?.position ?? 0, limit, [upTo]),
      limit,
      organizationId,
      organizationId,
    ],
  );
  const [head] = found;
  if (head === undefined) throw lostOrganization(organizationId);
  const changes = found.filter((one) => one.list !== null) as FoundChange[];
  const isCut = changes.length === limit;
  const last = isCut ? (changes.at(-1) as FoundChange).changed : Math.min(upTo, head.position);
  const batch = {
    changes: changes.filter(({ told }) => told === 1).map(toChange),
    next: { epoch: head.epoch, position: last, startedAt: after?.startedAt ?? head.position },
    more: last < head.position,
  };
  return { head, batch };
}

function toChange(found: FoundChange): FeedChange {
  const { list: number, slot, id, token, body } = verifyRow(found);
  const list = listOf.get(number);
  if (list === undefined) throw new Error(`No list has the number ${number}.`);
  return { list, place: slot, id, token, body };
}

const TOMBSTONES_AT_ONCE = 500;

/**
 * Forgets what was removed before a time, in the order of the removals and a few in each transaction, so that writers
 * need not wait; answers how much it was.
 *
 * @param isStopped asked between two transactions.
 */
export async function purgeRemoved(
  database: Database,
  organizationId: number,
  before: string,
  isStopped = () => false,
): Promise<number> {
  let purged = 0;
  while (!isStopped()) {
    const oldest = await database.all<{ changed: number; removedAt: string }>(
      `select changed, removed_at as "removedAt" from discovery_rows
       where organization_id = ? and removed_at is not null
         and changed <= (select position from organizations where id = ?) order by changed limit ?`,
      [organizationId, organizationId, TOMBSTONES_AT_ONCE],
    );
    const end = oldest.findIndex(({ removedAt }) => removedAt >= before);
    const old = end === -1 ? oldest : oldest.slice(0, end);
    const last = old.at(-1)?.changed;
    if (last === undefined) break;
    purged += await database.transaction(async (store) => {
      // The head row first, like every writer, and never back: another server may be further.
      await store.run(
        'update organizations set oldest_change = ? where id = ? and oldest_change < ?',
        [last, organizationId, last],
      );
      return store.run(
        'delete from discovery_rows where organization_id = ? and removed_at is not null and changed <= ?',
        [organizationId, last],
      );
    });
    if (old.length < TOMBSTONES_AT_ONCE) break;
  }
  return purged;
}
