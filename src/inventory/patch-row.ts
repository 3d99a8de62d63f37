import type { Queries } from '../database/database.ts';
import type { List } from './lists.ts';
import { patched, type Row } from './row.ts';
import { findRows } from './row-store.ts';
import type { RowWriter } from './row-writer.ts';

/**
 * Changes some fields of the row at a slot, whoever changed others before: what it holds is read and written within the
 * writer's transaction. The row is of this server from then on, and no import changes it again. Where there is no row,
 * there is nothing to change.
 *
 * @param patch the fields to change, from the row as it is; none for no change.
 */
export async function patchRow(
  queries: Queries,
  organizationId: number,
  writer: RowWriter,
  { list, slot }: { list: List; slot: number },
  patch: (row: Row) => Row,
): Promise<void> {
  const [stored] = await findRows(queries, organizationId, list, 'slot', [slot]);
  if (stored === undefined) return;
  const changes = patch(JSON.parse(String(stored.body)) as Row);
  if (Object.keys(changes).length === 0) return;
  const body = patched(list, stored.body, changes);
  await writer.update(list, [{ ...stored, sourceId: null, body }]);
}
