import type { Store } from '../database/database.ts';
import { lists } from './lists.ts';
import { findRowDetails, type RowDetails, saveRowDetails } from './row-detail-store.ts';
import { findRows, type StoredRow } from './row-store.ts';

/** A report whose queries nobody has put in order has nothing else that no list tells of it. */
const unknown: RowDetails = { createdAt: null, updatedAt: null, creatorSlot: null, content: null };

/**
 * The queries of a report in the order that people gave them; those that it does not name stand at the end, in the
 * order in which they were made.
 */
export function inOrder(
  rows: readonly StoredRow[],
  report: RowDetails | undefined = unknown,
): StoredRow[] {
  const tokens: string[] = JSON.parse(report.content ?? '[]');
  const places = new Map(tokens.map((token, place) => [token, place]));
  const placeOf = ({ token }: StoredRow) => places.get(token) ?? tokens.length;
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b) || a.slot - b.slot);
}

/** The queries of a report, in their order. */
export async function listQueriesInOrder(
  store: Store,
  organizationId: number,
  { slot }: StoredRow,
): Promise<StoredRow[]> {
  const rows = await findRows(store, organizationId, lists.queries, 'parent', [slot]);
  return inOrder(rows, (await findRowDetails(store, organizationId, [slot])).get(slot));
}

/** Keeps the order of a report's queries beside what else is known of the report, and answers both. */
export async function saveOrder(
  store: Store,
  organizationId: number,
  { slot }: StoredRow,
  { known = unknown, tokens }: { known: RowDetails | undefined; tokens: readonly string[] },
): Promise<RowDetails> {
  const saved = { ...known, content: JSON.stringify(tokens) };
  await saveRowDetails(store, organizationId, slot, saved);
  return saved;
}
