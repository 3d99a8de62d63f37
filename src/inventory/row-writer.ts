import { wireTime } from '../clock.ts';
import type { Queries } from '../database/database.ts';
import { LAST_OWN_ID } from '../identifiers.ts';
import type { List } from './lists.ts';
import { findRows, listChildren, type StoredRow } from './row-store.ts';

export type NewRow = Omit<StoredRow, 'slot' | 'archived'>;

/** Writes rows within one transaction; see `changeRows`. */
export type RowWriter = {
  /** Adds rows at the end of the list, in this order; answers their slots. */
  insert(list: List, rows: readonly NewRow[]): Promise<number[]>;
  /** Gives the rows at these slots their new content; one that is archived leaves its list, and comes back to its place. */
  update(list: List, rows: readonly StoredRow[]): Promise<void>;
  /** Removes the rows at these slots and all that belongs to them; that they are gone is remembered with the time. */
  remove(list: List, slots: readonly number[], nowMs: number): Promise<void>;
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
  queries: Queries,
  organizationId: number,
  work: (writer: RowWriter) => Promise<Result>,
): Promise<Result> {
  const head = await queries.get<{ position: number; last_own_id: number }>(
    'update organizations set position = position where id = ? returning position, last_own_id',
    [organizationId],
  );
  if (head === undefined) throw new Error(`No organization has the number ${organizationId}.`);
  let position = head.position;
  let lastOwnId = head.last_own_id;

  const writer: RowWriter = {
    async insert(list, rows) {
      const slots = rows.map(() => ++position);
      await queries.runEach(
        `insert into discovery_rows
         (organization_id, list, slot, changed, id, token, parent, personal, was_shared, source_id, body)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
          ];
        }),
      );
      return slots;
    },

    async update(list, rows) {
      await queries.runEach(
        `update discovery_rows
         set changed = ?, id = ?, token = ?, parent = ?, personal = ?, was_shared = was_shared | ?, source_id = ?,
           body = ?, archived_body = ?
         where organization_id = ? and list = ? and slot = ?`,
        rows.map((row) => [
          ++position,
          row.id,
          row.token,
          row.parent,
          Number(row.personal),
          Number(!row.personal),
          row.sourceId,
          row.archived ? null : row.body,
          row.archived ? row.body : null,
          organizationId,
          list.number,
          row.slot,
        ]),
      );
    },

    async remove(list, slots, nowMs) {
      if (slots.length === 0) return;
      for (const [childList, childSlots] of byList(
        await listChildren(queries, organizationId, slots),
      )) {
        await writer.remove(childList, childSlots, nowMs);
      }
      await queries.runEach(
        `update discovery_rows set changed = ?, body = null, archived_body = null, removed_at = ?
         where organization_id = ? and list = ? and slot = ?`,
        slots.map((slot) => [++position, wireTime(nowMs), organizationId, list.number, slot]),
      );
    },

    async setPersonalBelow(slots, personal) {
      if (slots.length === 0) return;
      for (const [list, childSlots] of byList(await listChildren(queries, organizationId, slots))) {
        const children = await findRows(queries, organizationId, list, 'slot', childSlots);
        const moved = children.filter((row) => row.personal !== personal);
        await writer.update(
          list,
          moved.map((row) => ({ ...row, personal })),
        );
        await writer.setPersonalBelow(childSlots, personal);
      }
    },

    nextOwnId: () => ++lastOwnId,

    keepAway({ least, most }) {
      if (lastOwnId < least - ROOM_FOR_SOURCE || lastOwnId > most) return;
      lastOwnId = Math.max(
        most,
        Math.min(most, LAST_OWN_ID - 2 * ROOM_FOR_SOURCE) + ROOM_FOR_SOURCE,
      );
    },
  };

  const result = await work(writer);
  if (position !== head.position || lastOwnId !== head.last_own_id) {
    await queries.run('update organizations set position = ?, last_own_id = ? where id = ?', [
      position,
      lastOwnId,
      organizationId,
    ]);
  }
  return result;
}

function byList(rows: readonly { list: List; slot: number }[]): Map<List, number[]> {
  const grouped = new Map<List, number[]>();
  for (const { list, slot } of rows) {
    const slots = grouped.get(list);
    if (slots) slots.push(slot);
    else grouped.set(list, [slot]);
  }
  return grouped;
}
