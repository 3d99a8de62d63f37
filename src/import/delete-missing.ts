import { lists } from '../inventory/lists.ts';
import { listChildren, listRowKeysAfter } from '../inventory/row-store.ts';
import type { ImportParts, ListImport } from './list-import.ts';
import type { SourceList } from './read-folder.ts';

const ROWS_AT_ONCE = 1000;

/**
 * Deletes what an earlier import from this source brought and its whole list no longer holds, with all that belongs
 * to it. A list without personal spaces says nothing of what lies in them. A space stays as long as it holds reports.
 */
export async function deleteMissing(
  { queries, writer, organization, sourceId, clock }: ImportParts,
  { list, includesPersonal }: SourceList,
  { seen, counts }: ListImport,
): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await listRowKeysAfter(queries, organization.id, {
      list,
      slot: after,
      limit: ROWS_AT_ONCE,
    });
    const missing = rows.filter(
      (row) =>
        row.sourceId === sourceId && !seen.has(row.slot) && (includesPersonal || !row.personal),
    );
    const slots: number[] = [];
    for (const { slot } of missing) {
      const isInUse =
        list === lists.spaces && (await listChildren(queries, organization.id, [slot])).length > 0;
      if (!isInUse) slots.push(slot);
    }
    await writer.remove(list, slots, clock());
    counts.deleted += slots.length;
    if (rows.length < ROWS_AT_ONCE) return;
    after = rows.at(-1)?.slot ?? after;
  }
}
