import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Store } from '../database/database.ts';
import {
  type ChangedRow,
  type Followed,
  type ListHead,
  readChangedRows,
} from './changed-row-store.ts';
import type { List } from './lists.ts';
import type { RowCounts } from './row-counts.ts';
import { RowsAtOnce } from './rows-at-once.ts';

type Wanted = {
  /** Followed one after the other. */
  lists: readonly List[];
  what: Followed;
  /** The change from which on it must be known what was removed: everything up to it is there already, or nothing is. */
  since: number;
  /** The last change of a list that is there already, where that is not `since`. */
  after?: (list: List) => number;
  /** How many rows are read without anybody else having a turn. */
  most: number;
};

/** What there is once everything is followed. */
export type Reached = {
  /** Everything up to this change of the organization is there, and perhaps some that came later. */
  position: number;
  /** How many rows each list has then; undefined where others have changed them between one list and the next. */
  counts: RowCounts | undefined;
};

/**
 * Hands over what has changed in lists, oldest change of each list first, to whoever keeps something that is made of them. A
 * row that changes once more meanwhile comes again, with a higher number. The next rows are read while those before are
 * taken, and the event loop is given back between them.
 *
 * @param take is handed the rows, once it is done with those before.
 * @returns undefined where it is no longer known what was removed: what is kept is to be made anew.
 * @throws StoreFaultError where a row is damaged, and what `take` throws.
 */
export async function followChanges(
  store: Store,
  organizationId: number,
  { lists, what, since, after = () => since, most }: Wanted,
  take: (list: List, rows: readonly ChangedRow[]) => void | Promise<void>,
): Promise<Reached | undefined> {
  const heads: ListHead[] = [];
  let taken: Promise<void> | undefined;
  for (const list of lists) {
    const atOnce = new RowsAtOnce({ most });
    for (let last = after(list), isFull = true; isFull; ) {
      const asked = { list, what, after: last, limit: atOnce.limit };
      const { rows, head } = await readChangedRows(store, organizationId, asked);
      last = rows.at(-1)?.changed ?? last;
      isFull = atOnce.wereFull(rows);
      await taken;
      if (rows.length > 0) taken = take(list, rows) ?? undefined;
      // It may fail while the next are read.
      taken?.catch(() => undefined);
      if (isFull) await nextTurn();
      else heads.push(head);
    }
  }
  await taken;
  // Each was read with the last rows of a list, so no purge slips in between.
  if (heads.some(({ oldestChange }) => oldestChange > since)) return undefined;
  const positions = heads.map(({ position }) => position);
  const position = Math.min(...positions);
  return { position, counts: position === Math.max(...positions) ? heads[0]?.counts : undefined };
}
