import { wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import { lists } from './lists.ts';
import { lostOrganization } from './store-damage.ts';

// What takes back changes that are not published. First every row that was changed is cleared, since tokens and ids may have
// changed hands; then the rows that were there before get back what they were. No number of a change is given twice, so
// what was added stays as something removed.

/** Clears up to `most` of the rows that were changed unpublished; answers how many: 0 when none is left. */
export async function clearUnpublished(
  store: Store,
  organizationId: number,
  { most, nowMs }: { most: number; nowMs: number },
): Promise<number> {
  const numbers = await holdNumbers(store, organizationId);
  let cleared = 0;
  for (const { number: list } of Object.values(lists)) {
    if (cleared === most) break;
    const rows = await store.all<{ slot: number }>(
      `select slot from discovery_rows where organization_id = ? and list = ? and changed > ?
         and (body is not null or archived_body is not null) order by changed limit ?`,
      [organizationId, list, numbers.published, most - cleared],
    );
    await store.runEach(
      `update discovery_rows set changed = ?, body = null, archived_body = null, removed_at = ?
       where organization_id = ? and list = ? and slot = ?`,
      rows.map(({ slot }) => [++numbers.last, wireTime(nowMs), organizationId, list, slot]),
    );
    cleared += rows.length;
  }
  await saveLast(store, organizationId, numbers.last);
  return cleared;
}

/** Where a row is kept as it was before. */
export type ReplacedPlace = { list: number; slot: number };

type ReplacedRow = ReplacedPlace & {
  id: number;
  token: string;
  parent: number | null;
  personal: number;
  wasShared: number;
  sourceId: number | null;
  body: Uint8Array | null;
  archivedBody: Uint8Array | null;
  checksum: number | null;
};

/** Gives up to `most` rows after a place back what they were; answers the place of the last: undefined when none is left. */
export async function restoreReplaced(
  store: Store,
  organizationId: number,
  { most, after }: { most: number; after: ReplacedPlace | undefined },
): Promise<ReplacedPlace | undefined> {
  const numbers = await holdNumbers(store, organizationId);
  const { list, slot } = after ?? { list: 0, slot: 0 };
  const rows = await store.all<ReplacedRow>(
    `select list, slot, id, token, parent, personal, was_shared as "wasShared", source_id as "sourceId", body,
       archived_body as "archivedBody", checksum
     from replaced_rows
     where organization_id = ? and (list > ? or (list = ? and slot > ?)) order by list, slot limit ?`,
    [organizationId, list, list, slot, most],
  );
  await store.runEach(
    `update discovery_rows set changed = ?, id = ?, token = ?, parent = ?, personal = ?, was_shared = ?, source_id = ?,
       body = ?, archived_body = ?, checksum = ?, removed_at = null
     where organization_id = ? and list = ? and slot = ?`,
    rows.map((row) => [
      ...[++numbers.last, row.id, row.token, row.parent, row.personal, row.wasShared, row.sourceId],
      ...[row.body, row.archivedBody, row.checksum, organizationId, row.list, row.slot],
    ]),
  );
  await saveLast(store, organizationId, numbers.last);
  return rows.at(-1);
}

/** Says that all is as it was: what is published next has as many rows as before. */
export async function resetRowCounts(store: Store, organizationId: number): Promise<void> {
  await store.run('update organizations set import_row_counts = row_counts where id = ?', [
    organizationId,
  ]);
}

/** The number of the last change that is published, and of the last that was given. */
async function holdNumbers(
  store: Store,
  organizationId: number,
): Promise<{ published: number; last: number }> {
  const head = await store.get<{ published: number; last: number | null }>(
    `update organizations set position = position where id = ?
     returning position as published, import_position as last`,
    [organizationId],
  );
  if (head === undefined) throw lostOrganization(organizationId);
  const { published, last } = head;
  if (last === null) throw new Error('Nobody has begun to change rows unpublished.');
  return { published, last };
}

async function saveLast(store: Store, organizationId: number, last: number): Promise<void> {
  await store.run('update organizations set import_position = ? where id = ?', [
    last,
    organizationId,
  ]);
}
