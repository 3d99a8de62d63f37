import type { Database } from '../database/database.ts';
import { analyzeRows } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { makeBatch } from './batch.ts';
import { makeCompany } from './company.ts';
import { writeBatch } from './write-batch.ts';

const BATCH_REPORTS = 4000;

/** Times of an inventory for trials are the same whenever it is generated. */
const UNTIL_MS = Date.UTC(2026, 5, 30);

/**
 * Brings the organization to this many reports of a seed, with all that belongs to them. What is there already stays;
 * answers how many were added.
 *
 * A batch is one transaction, so that a kill leaves whole reports. It is made before its transaction begins, which is
 * when other writers get their turn.
 */
export async function generateInventory(
  database: Database,
  organization: Organization,
  { seed, reports }: { seed: number; reports: number },
  onProgress: (reports: number) => void,
): Promise<number> {
  const company = makeCompany({ seed, organization: organization.username, untilMs: UNTIL_MS });
  let added = 0;
  for (let next = 0; next < reports; ) {
    const batch = makeBatch(company, next, Math.min(next + BATCH_REPORTS, reports));
    const written = await database.transaction((store) =>
      writeBatch(store, organization, `generate:${seed}`, batch),
    );
    added += written.added;
    next = written.next;
    onProgress(Math.min(next, reports));
  }
  if (added > 0) await analyzeRows(database);
  return added;
}
