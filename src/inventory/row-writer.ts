import { wireTime } from '../clock.ts';
import { type Database, OrganizationBusyError, type Store } from '../database/database.ts';
import { LAST_OWN_ID } from '../identifiers.ts';
import type { List, View } from './lists.ts';
import { RowCounts } from './row-counts.ts';
import { countListed, findRows, listChildren, type StoredRow } from './row-store.ts';
import { checksumOf, lostOrganization } from './store-damage.ts';

export type NewRow = Omit<StoredRow, 'slot' | 'archived'>;

/** Writes rows within one transaction; see `changeRows`. */
export type RowWriter = {
  /** Adds rows at the end of the list, in this order; answers their slots. */
  insert(list: List, rows: readonly NewRow[]): Promise<number[]>;
  /** Gives the rows at these slots their new content; one that is archived leaves its list, and comes back to its place. */
  update(list: List, rows: readonly StoredRow[]): Promise<void>;
  /** Removes the rows at these slots and all that belongs to them; that they are gone is remembered with the time. */
  remove(list: List, slots: readonly number[], nowMs: number): Promise<void>;
  /** Lets rows that were removed come back to their places, as they are given, whether their removal is remembered or not. */
  bringBack(list: List, rows: readonly StoredRow[]): Promise<void>;
  /** Says of everything below these slots whether it now lies in a personal space. */
  setPersonalBelow(slots: readonly number[], personal: boolean): Promise<void>;
  /** The next number for a thing made here. */
  nextOwnId(): number;
  /** Keeps numbers of things made here away from these, which came from elsewhere, and from what may come after them. */
  keepAway(ids: IdRange): void;
};

/** Some numbers of things, from the least to the most. */
export type IdRange = { least: number; most: number };

/** How many numbers are left to a source to grow into. */
const ROOM_FOR_SOURCE = 100_000_000;

/**
 * The one place through which every change of a listed row passes. It holds the organization's head row for the
 * rest of the transaction, so that changes are numbered in the order in which they are committed, and gives each
 * change the next number; a new row's number is its slot too.
 */
export async function changeRows<Result>(
  store: Store,
  organizationId: number,
  work: (writer: RowWriter) => Promise<Result>,
): Promise<Result> {
  const { position, lastOwnId, rowCounts, importPosition } = await holdHead(store, organizationId);
  if (importPosition !== null) {
    throw new OrganizationBusyError('An import into this organization is in progress.');
  }
  const numbers = { position, lastOwnId, counts: new RowCounts(rowCounts) };
  const result = await work(writeRows(store, organizationId, numbers));
  if (numbers.position !== position || numbers.lastOwnId !== lastOwnId) {
    await store.run(
      'update organizations set position = ?, last_own_id = ?, row_counts = ? where id = ?',
      [numbers.position, numbers.lastOwnId, `${numbers.counts}`, organizationId],
    );
  }
  return result;
}

/** The same in a transaction of its own, whose handle `work` gets. */
export function changeOrganization<Result>(
  database: Database,
  organizationId: number,
  work: (store: Store, writer: RowWriter) => Promise<Result>,
): Promise<Result> {
  return database.transaction((store) =>
    changeRows(store, organizationId, (writer) => work(store, writer)),
  );
}

/** Keeps everybody else from changing rows of the organization, until `publishChanges` or `dropChanges`. */
export async function beginUnpublished(store: Store, organizationId: number): Promise<void> {
  await changeRows(store, organizationId, async () => undefined);
  await store.run(
    'update organizations set import_position = position, import_row_counts = row_counts where id = ?',
    [organizationId],
  );
}

/**
 * Changes rows like `changeRows`, in as many transactions as one likes, while those who follow the changes go on with what
 * was there before: they see all of it at once, once it is published. Only who asks for a single row may see it earlier.
 */
export async function changeUnpublished(
  store: Store,
  organizationId: number,
  work: (writer: RowWriter) => Promise<void>,
): Promise<void> {
  const head = await holdHead(store, organizationId);
  const { position, lastOwnId, importPosition, importRowCounts } = head;
  if (importPosition === null || importRowCounts === null)
    throw new Error('Nobody has begun to change rows unpublished.');
  const numbers = { position: importPosition, lastOwnId, counts: new RowCounts(importRowCounts) };
  await work(writeRows(store, organizationId, numbers, position));
  await store.run(
    'update organizations set import_position = ?, last_own_id = ?, import_row_counts = ? where id = ?',
    [numbers.position, numbers.lastOwnId, `${numbers.counts}`, organizationId],
  );
}

/** Lets everybody see what was changed, and others change rows again. What was kept of before is of no use any more. */
export async function publishChanges(store: Store, organizationId: number): Promise<void> {
  await store.run(
    `update organizations set position = import_position, import_position = null,
       row_counts = import_row_counts, import_row_counts = null where id = ?`,
    [organizationId],
  );
}

/** Lets others change rows again where nothing was changed unpublished. */
export async function dropChanges(store: Store, organizationId: number): Promise<void> {
  await store.run(
    'update organizations set import_position = null, import_row_counts = null where id = ?',
    [organizationId],
  );
}

/** Lets nobody else change rows of the organization until the transaction ends. */
export async function holdOrganization(store: Store, organizationId: number): Promise<void> {
  await holdHead(store, organizationId);
}

type Head = {
  position: number;
  lastOwnId: number;
  /** The number of the last change that is not published; null where everybody may change rows. */
  importPosition: number | null;
  /** See RowCounts. */
  rowCounts: string;
  importRowCounts: string | null;
};

async function holdHead(store: Store, organizationId: number): Promise<Head> {
  const head = await store.get<Head>(
    `update organizations set position = position where id = ?
     returning position, last_own_id as "lastOwnId", import_position as "importPosition",
       row_counts as "rowCounts", import_row_counts as "importRowCounts"`,
    [organizationId],
  );
  if (head === undefined) throw lostOrganization(organizationId);
  return head;
}

/** The numbers that were given last, and how many rows there are. */
type Numbers = { position: number; lastOwnId: number; counts: RowCounts };

/** @param published where rows that were changed up to this number are to be kept as they are, for those who follow. */
function writeRows(
  store: Store,
  organizationId: number,
  numbers: Numbers,
  published?: number,
): RowWriter {
  const keep = async (list: List, slots: readonly number[]): Promise<void> => {
    if (published === undefined) return;
    const columns =
      'organization_id, list, slot, changed, id, token, parent, personal, was_shared, source_id, body, archived_body, checksum';
    await store.runEach(
      `insert into replaced_rows (${columns}) select ${columns} from discovery_rows
       where organization_id = ? and list = ? and slot = ? and changed <= ?`,
      slots.map((slot) => [organizationId, list.number, slot, published]),
    );
  };

  /** Counts rows that come into their list, or leave it. */
  const count = (list: List, { all, shared }: Record<View, number>, sign: 1 | -1): void =>
    numbers.counts.add(list, { all: sign * all, shared: sign * shared });

  const writer: RowWriter = {
    async insert(list, rows) {
      const slots = rows.map(() => ++numbers.position);
      count(list, { all: rows.length, shared: rows.filter((row) => !row.personal).length }, 1);
      await store.runEach(
        `insert into discovery_rows
         (organization_id, list, slot, changed, id, token, parent, personal, was_shared, source_id, body, checksum)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        rows.map((row, index) => {
          const slot = slots[index] as number;
          return [
            organizationId,
            list.number,
            slot,
            slot,
            row.id,
            row.token,
            row.parent,
            Number(row.personal),
            Number(!row.personal),
            row.sourceId,
            row.body,
            checksumOf({ ...row, slot }),
          ];
        }),
      );
      return slots;
    },

    async update(list, rows) {
      const slots = rows.map(({ slot }) => slot);
      await keep(list, slots);
      count(list, await countListed(store, organizationId, list, slots), -1);
      const listed = rows.filter((row) => !row.archived);
      const shared = listed.filter((row) => !row.personal).length;
      count(list, { all: listed.length, shared }, 1);
      await store.runEach(
        `update discovery_rows
         set changed = ?, id = ?, token = ?, parent = ?, personal = ?, was_shared = was_shared | ?, source_id = ?,
           body = ?, archived_body = ?, checksum = ?
         where organization_id = ? and list = ? and slot = ?`,
        rows.map((row) => [
          ++numbers.position,
          row.id,
          row.token,
          row.parent,
          Number(row.personal),
          Number(!row.personal),
          row.sourceId,
          row.archived ? null : row.body,
          row.archived ? row.body : null,
          checksumOf(row),
          organizationId,
          list.number,
          row.slot,
        ]),
      );
    },

    async remove(list, slots, nowMs) {
      if (slots.length === 0) return;
      for (const [childList, childSlots] of byList(
        await listChildren(store, organizationId, slots),
      )) {
        await writer.remove(childList, childSlots, nowMs);
      }
      await keep(list, slots);
      count(list, await countListed(store, organizationId, list, slots), -1);
      await store.runEach(
        `update discovery_rows set changed = ?, body = null, archived_body = null, removed_at = ?
         where organization_id = ? and list = ? and slot = ?`,
        slots.map((slot) => [
          ++numbers.position,
          wireTime(nowMs),
          organizationId,
          list.number,
          slot,
        ]),
      );
    },

    async bringBack(list, rows) {
      const places = rows.map(({ slot }) => [organizationId, list.number, slot, slot]);
      await store.runEach(
        `insert into discovery_rows (organization_id, list, slot, changed, id, token, personal, was_shared)
         values (?, ?, ?, ?, 0, '', 0, 0) on conflict (organization_id, list, slot) do nothing`,
        places,
      );
      await store.runEach(
        'update discovery_rows set removed_at = null where organization_id = ? and list = ? and slot = ?',
        places.map((place) => place.slice(0, 3)),
      );
      await writer.update(list, rows);
    },

    async setPersonalBelow(slots, personal) {
      if (slots.length === 0) return;
      for (const [list, childSlots] of byList(await listChildren(store, organizationId, slots))) {
        const children = await findRows(store, organizationId, list, 'slot', childSlots);
        const moved = children.filter((row) => row.personal !== personal);
        await writer.update(
          list,
          moved.map((row) => ({ ...row, personal })),
        );
        await writer.setPersonalBelow(childSlots, personal);
      }
    },

    nextOwnId: () => ++numbers.lastOwnId,

    keepAway({ least, most }) {
      if (numbers.lastOwnId < least - ROOM_FOR_SOURCE || numbers.lastOwnId > most) return;
      numbers.lastOwnId = Math.max(
        most,
        Math.min(most, LAST_OWN_ID - 2 * ROOM_FOR_SOURCE) + ROOM_FOR_SOURCE,
      );
    },
  };

  return writer;
}

function byList(rows: readonly { list: List; slot: number }[]): [List, number[]][] {
  const grouped = Map.groupBy(rows, ({ list }) => list);
  return [...grouped].map(([list, inList]) => [list, inList.map(({ slot }) => slot)]);
}
