import type { Store } from '../database/database.ts';
import { publishChanges } from '../inventory/row-writer.ts';
import {
  clearUnpublished,
  type ReplacedPlace,
  resetRowCounts,
  restoreReplaced,
} from '../inventory/unpublished-row-store.ts';
import { type ImportState, type StoredImport, saveImport } from './import-store.ts';

/** An import has failed by a fault of ours; nothing is left of it. */
export class ImportUndoneError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The import failed and was undone: the organization has its previous state. Reason: ${reason}`,
      options,
    );
  }
}

/** How far the undoing of an import is, and the last row that was restored. */
export type Undone = { state: ImportState; after: ReplacedPlace | undefined };

/**
 * Brings up to `most` rows back to what they were before an import, while nobody sees it. All see it once every row is: then
 * the state is `published`.
 */
export async function undoSome(
  store: Store,
  organizationId: number,
  held: StoredImport,
  { most, nowMs, after }: { most: number; nowMs: number; after: ReplacedPlace | undefined },
): Promise<Undone> {
  const undone = await undoRows();
  await saveImport(store, organizationId, { ...held, state: undone.state });
  return undone;

  async function undoRows(): Promise<Undone> {
    if (held.state !== 'restoring') {
      const cleared = await clearUnpublished(store, organizationId, { most, nowMs });
      return { state: cleared === 0 ? 'restoring' : 'clearing', after: undefined };
    }
    const last = await restoreReplaced(store, organizationId, { most, after });
    if (last) return { state: 'restoring', after: last };
    await resetRowCounts(store, organizationId);
    await publishChanges(store, organizationId);
    return { state: 'published', after: undefined };
  }
}
