import type { Store } from '../database/database.ts';
import type { List, RowOf } from './lists.ts';
import { patched, readRow } from './row.ts';
import { findRows } from './row-store.ts';
import type { RowWriter } from './row-writer.ts';

/**
 * Changes some fields of the row at a slot, whoever changed others before: what it holds is read and written within the
 * writer's transaction. The row is of this server from then on, and no import changes it again. Where there is no row,
 * there is nothing to change.
 *
 * @param patch the fields to change, from the row as it is; none for no change.
 */
export async function patchRow<Of extends List>(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  { list, slot }: { list: Of; slot: number },
  patch: (row: RowOf<Of>) => Partial<RowOf<Of>>,
): Promise<void> {
  const [stored] = await findRows(store, organizationId, list, 'slot', [slot]);
  if (stored === undefined) return;
  const changes = patch(readRow(list, stored));
  if (Object.keys(changes).length === 0) return;
  const body = patched(list, stored.body, changes);
  await writer.update(list, [{ ...stored, sourceId: null, body }]);
}
