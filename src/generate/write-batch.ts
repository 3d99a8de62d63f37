import { DuplicateError, type Store } from '../database/database.ts';
import { UserError } from '../errors.ts';
import { type ListName, lists, listsParentsFirst } from '../inventory/lists.ts';
import { findLastOfSource, findRows, getOrCreateSource } from '../inventory/row-store.ts';
import { changeRows, type NewRow } from '../inventory/row-writer.ts';
import type { Organization } from '../organizations/organization.ts';
import type { Batch } from './batch.ts';
import { numberOfReport } from './reports.ts';

/** How many reports were added, and the number of the one that comes next. */
export type Written = { added: number; next: number };

/**
 * Writes a batch where it continues what the source has in the organization, else nothing. Runs within one
 * transaction.
 *
 * @throws UserError where rows from elsewhere have the numbers or tokens of generated ones.
 */
export async function writeBatch(
  store: Store,
  organization: Organization,
  sourceName: string,
  batch: Batch,
): Promise<Written> {
  return changeRows(store, organization.id, async (writer) => {
    const sourceId = await getOrCreateSource(store, organization.id, sourceName);
    const next = await nextReport(store, organization.id, sourceId);
    if (next !== batch.from) return { added: 0, next };

    const slots = new Map<ListName, Map<number, number>>();
    slots.set('spaces', await findSpaces(store, organization, sourceId, batch));
    for (const list of listsParentsFirst) {
      const slotsOfParents = list.parent && slots.get(list.parent.list);
      const rows = batch[list.name].map(({ parentId, ...row }): NewRow => {
        const parent = parentId === null ? null : (slotsOfParents?.get(parentId) as number);
        return { ...row, parent, sourceId };
      });
      const inserted = await writer.insert(list, rows).catch((error) => {
        throw error instanceof DuplicateError ? clash(organization, list.name) : error;
      });
      const slotsOfList = slots.get(list.name) ?? new Map<number, number>();
      for (const [index, { id }] of rows.entries()) slotsOfList.set(id, inserted[index] as number);
      slots.set(list.name, slotsOfList);
    }
    return { added: batch.to - batch.from, next: batch.to };
  });
}

/** The number of the report that continues what the source has in the organization. */
async function nextReport(store: Store, organizationId: number, sourceId: number): Promise<number> {
  const last = await findLastOfSource(store, organizationId, lists.reports, sourceId);
  return last === undefined ? 0 : numberOfReport(last.id) + 1;
}

/** The slots, by number, of the spaces of earlier batches that reports of this one lie in. */
async function findSpaces(
  store: Store,
  organization: Organization,
  sourceId: number,
  batch: Batch,
): Promise<Map<number, number>> {
  const wanted = new Set(batch.reports.map((row) => row.parentId as number));
  for (const { id } of batch.spaces) wanted.delete(id);
  const found = await findRows(store, organization.id, lists.spaces, 'id', [...wanted]);
  const slots = new Map<number, number>();
  for (const row of found) if (row.sourceId === sourceId) slots.set(row.id, row.slot);
  const gone = [...wanted].find((id) => !slots.has(id));
  if (gone !== undefined) {
    throw new UserError(
      `The generated space ${gone} was removed from ${organization.username}, so no more reports can be generated there. ` +
        'Generate into another organization.',
    );
  }
  return slots;
}

function clash({ username }: Organization, list: ListName): UserError {
  return new UserError(
    `${username} has ${list} from elsewhere with numbers or tokens that generated ones get, so nothing more was added. ` +
      'Generate into an organization of its own; "rollcall organization create" makes one.',
  );
}
