import type { Clock } from '../clock.ts';
import type { Database, Queries } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { type List, type ListName, lists } from '../inventory/lists.ts';
import { getOrCreateSource } from '../inventory/row-store.ts';
import { changeRows } from '../inventory/row-writer.ts';
import type { Organization } from '../organizations/organization.ts';
import { deleteMissing } from './delete-missing.ts';
import { ListImport, type ListSummary } from './list-import.ts';
import type { SourceList } from './read-folder.ts';

export type ImportSummary = Partial<Record<ListName, ListSummary>>;

export type ImportOptions = {
  /** Keep what the source no longer has. */
  keepMissing: boolean;
  onProgress?: (list: List, rows: number, count: number | undefined) => void;
};

const ROWS_AT_ONCE = 1000;

/**
 * Brings an organization's inventory to what a source holds, all or nothing. Rows are kept as they are, numbers and
 * tokens included; importing the same again changes nothing. What an earlier import from this source brought and a
 * whole list no longer holds is deleted; what was made here, or came from another source, is never touched.
 *
 * @param sourceName what the rows are remembered to come from.
 * @throws UserError that names the file, the row and the field where something is broken; then nothing is written.
 */
export async function importInventory(
  database: Database,
  organization: Organization,
  { sourceName, lists: given }: { sourceName: string; lists: readonly SourceList[] },
  { keepMissing, onProgress }: ImportOptions,
  { clock, identifiers }: { clock: Clock; identifiers: Identifiers },
): Promise<ImportSummary> {
  return database.transaction(async (queries: Queries) => {
    const sourceId = await getOrCreateSource(queries, organization.id, sourceName);
    return changeRows(queries, organization.id, async (writer) => {
      const parts = { queries, writer, organization, sourceId, clock, identifiers };
      const imports = new Map<List, ListImport>();
      const importOf = (list: List): ListImport => {
        const known = imports.get(list);
        if (known) return known;
        const made = new ListImport(list, parts, importOf);
        imports.set(list, made);
        return made;
      };

      const summary: ImportSummary = {};
      for (const { list, count, rows } of given) {
        const into = importOf(list);
        let read = 0;
        for await (const batch of inBatches(rows(), ROWS_AT_ONCE)) {
          await into.put(batch);
          read += batch.length;
          onProgress?.(list, read, count);
        }
      }
      const wholeFirstChildren = given.filter((one) => one.isWhole && !keepMissing).toReversed();
      for (const one of wholeFirstChildren) await deleteMissing(parts, one, importOf(one.list));
      for (const { list, isWhole } of given)
        summary[list.name] = { ...importOf(list).counts, isWhole };
      if (!summary.spaces && importOf(lists.spaces).counts.made > 0) {
        summary.spaces = { ...importOf(lists.spaces).counts, isWhole: false };
      }
      return summary;
    });
  });
}

async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
): AsyncIterable<Item[]> {
  let batch: Item[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
