import type { Store } from '../database/database.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { countChildren, findRows, listChildren } from '../inventory/row-store.ts';
import type { NewRow, RowWriter } from '../inventory/row-writer.ts';
import type { NamedReport } from './list-plan.ts';
import { findReportsWithWork } from './made-here-store.ts';
import type { Slice } from './slice.ts';
import type { PlannedRow } from './step.ts';

/** What came of a turn at a slice. */
export type Turn = {
  rows: number;
  isDone: boolean;
  /** What was archived instead of removed. */
  spared?: Spared;
};

/** Reports for which something was made since the import was planned, and how many rows of each list belong to them. */
export type Spared = { reports: NamedReport[]; rows: Partial<Record<ListName, number>> };

/** Does a slice of a plan. One that removes more rows than `most` is to have another turn. */
export async function applySlice(
  { store, writer, organizationId }: SliceParts,
  slice: Slice,
  { nowMs, most }: { nowMs: number; most: number },
): Promise<Turn> {
  switch (slice.kind) {
    case 'add': {
      const rows = await withParents(store, organizationId, slice.list, slice.rows);
      await writer.insert(slice.list, rows);
      break;
    }
    case 'change': {
      const rows = await withParents(store, organizationId, slice.list, slice.rows);
      const slots = await slotsOf(
        store,
        organizationId,
        slice.list,
        rows.filter(({ slot }) => slot === undefined).map(({ token }) => token),
      );
      await writer.update(
        slice.list,
        rows.map((row) => ({ ...row, slot: row.slot ?? (slots.get(row.token) as number) })),
      );
      break;
    }
    case 'personal': {
      const { list, slots, personal } = slice;
      const rows = await findRows(store, organizationId, list, 'slot', slots);
      const moved = rows.filter((row) => row.personal !== personal);
      await writer.update(
        list,
        moved.map((row) => ({ ...row, personal })),
      );
      break;
    }
    case 'archive': {
      const { list, slots, archived } = slice;
      const rows = await findRows(store, organizationId, list, 'slot', slots);
      await writer.update(
        list,
        rows.map((row) => ({ ...row, archived })),
      );
      break;
    }
    case 'remove': {
      const parts = { store, writer, organizationId };
      const { slots, spared } = await spareSome(parts, slice);
      const turn = await removeSome(parts, { list: slice.list, slots }, { nowMs, most });
      return spared ? { ...turn, spared } : turn;
    }
  }
  return { rows: 'rows' in slice ? slice.rows.length : slice.slots.length, isDone: true };
}

export type SliceParts = { store: Store; writer: RowWriter; organizationId: number };

/**
 * Archives those of the reports for which somebody has made something since the import was planned, and keeps spaces that
 * hold reports; answers what is still to be removed.
 */
async function spareSome(
  { store, writer, organizationId }: SliceParts,
  { list, slots }: { list: List; slots: readonly number[] },
): Promise<{ slots: readonly number[]; spared?: Spared }> {
  if (list === lists.spaces) {
    const holding = await countChildren(store, organizationId, lists.reports, slots);
    return { slots: slots.filter((slot) => !holding.has(slot)) };
  }
  if (list !== lists.reports) return { slots };
  const kept = await findReportsWithWork(store, organizationId, slots);
  if (kept.size === 0) return { slots };
  const spared: Spared = { reports: [], rows: {} };
  const archive = async (of: List, at: readonly number[]) => {
    const rows = await findRows(store, organizationId, of, 'slot', at);
    const listed = rows.filter((row) => !row.archived);
    await writer.update(
      of,
      listed.map((row) => ({ ...row, archived: true })),
    );
    spared.rows[of.name] = (spared.rows[of.name] ?? 0) + listed.length;
    return listed;
  };
  for (const { body } of await archive(list, [...kept])) {
    const { token, name } = readRow(lists.reports, { body });
    spared.reports.push({ token, name });
  }
  const children = await listChildren(store, organizationId, [...kept]);
  for (const [of, all] of Map.groupBy(children, (child) => child.list))
    await archive(
      of,
      all.map(({ slot }) => slot),
    );
  return { slots: slots.filter((slot) => !kept.has(slot)), spared };
}

/** Removes what lies below the rows, as much as `most` says, and then the rows themselves. */
async function removeSome(
  parts: SliceParts,
  { list, slots }: { list: List; slots: readonly number[] },
  { nowMs, most }: { nowMs: number; most: number },
): Promise<Turn> {
  const { store, writer, organizationId } = parts;
  let rows = 0;
  const children = await listChildren(store, organizationId, slots);
  for (const [childList, all] of Map.groupBy(children, (child) => child.list)) {
    const some = all.slice(0, most - rows).map(({ slot }) => slot);
    const turn = await removeSome(parts, { list: childList, slots: some }, { nowMs, most });
    rows += turn.rows;
    if (!turn.isDone || some.length < all.length) return { rows, isDone: false };
  }
  await writer.remove(list, slots, nowMs);
  return { rows: rows + slots.length, isDone: true };
}

/** The rows with the slots of what they lie in. */
async function withParents<Some extends PlannedRow>(
  store: Store,
  organizationId: number,
  list: List,
  rows: readonly Some[],
): Promise<(Omit<Some, 'parent'> & Pick<NewRow, 'parent'>)[]> {
  const tokens = new Set<string>();
  for (const { parent } of rows) {
    if (typeof parent === 'object' && parent !== null) tokens.add(parent.token);
  }
  const slots =
    list.parent && tokens.size > 0
      ? await slotsOf(store, organizationId, lists[list.parent.list], [...tokens])
      : new Map<string, number>();
  return rows.map((row) => {
    const { parent } = row;
    const isAdded = typeof parent === 'object' && parent !== null;
    return { ...row, parent: isAdded ? (slots.get(parent.token) as number) : parent };
  });
}

async function slotsOf(
  store: Store,
  organizationId: number,
  list: List,
  tokens: readonly string[],
): Promise<Map<string, number>> {
  if (tokens.length === 0) return new Map();
  const found = await findRows(store, organizationId, list, 'token', tokens);
  return new Map(found.map(({ token, slot }) => [token, slot]));
}
