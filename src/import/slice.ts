import type { Store } from '../database/database.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import { listChildren } from '../inventory/row-store.ts';
import type { ChangedRow, PlannedRow, Step } from './step.ts';

/** A step, or a part of one, that names what it changes: a thousand rows at most and, where it removes, all below them. */
export type Slice =
  | Exclude<Step, { kind: 'personal' }>
  /** The rows now lie in a personal space, or no longer do. */
  | { kind: 'personal'; list: List; slots: readonly number[]; personal: boolean };

const ROWS_AT_ONCE = 1000;

/** A step in slices, which together do what it does. */
export async function* slicesOf(
  store: Store,
  organizationId: number,
  step: Step,
): AsyncGenerator<Slice, void, void> {
  if (step.kind !== 'personal') {
    yield step;
    return;
  }
  // Parents come first in a plan: nothing that lies below them now has moved when it is their turn.
  const { kind, slots, personal } = step;
  const children = await listChildren(store, organizationId, slots);
  for (const [list, rows] of Map.groupBy(children, (child) => child.list)) {
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const part = rows.slice(start, start + ROWS_AT_ONCE).map(({ slot }) => slot);
      yield { kind, personal, list, slots: part };
      yield* slicesOf(store, organizationId, { kind, personal, slots: part });
    }
  }
}

/** A slice as it is kept until it is its turn. */
export function writeSlice(slice: Slice): string {
  const list = slice.list.name;
  if (!('rows' in slice)) return JSON.stringify({ ...slice, list });
  const rows = slice.rows.map((row) => ({ ...row, body: String(row.body) }));
  return JSON.stringify({ ...slice, list, rows });
}

export function readSlice(content: string): Slice {
  const {
    list: name,
    rows,
    ...rest
  } = JSON.parse(content) as {
    list: ListName;
    rows?: (Omit<PlannedRow & ChangedRow, 'body'> & { body: string })[];
  };
  const list = lists[name];
  if (rows === undefined) return { ...rest, list } as unknown as Slice;
  const read = rows.map((row) => ({ ...row, body: Buffer.from(row.body) }));
  return { ...rest, list, rows: read } as unknown as Slice;
}
