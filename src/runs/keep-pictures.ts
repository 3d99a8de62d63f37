import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { insertPictures } from './picture-store.ts';
import { retryUntilStoreIsUp } from './retry-until-store-is-up.ts';
import { type ClaimedRun, requireLease } from './run-queue.ts';

/** How many pictures go into the store in one transaction: other writers wait for no more than these. */
const PICTURES_AT_ONCE = 4;

/**
 * Keeps pictures of a query's result in the store, by the marks of their looks.
 *
 * @throws RunLostError where somebody else has the run by now; what was kept until then is never shown.
 */
export async function keepPictures(
  { database, clock }: { database: Database; clock: Clock },
  { organization, lease }: ClaimedRun,
  position: number,
  pictures: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const all = [...pictures];
  for (let first = 0; first < all.length; first += PICTURES_AT_ONCE) {
    const some = new Map(all.slice(first, first + PICTURES_AT_ONCE));
    await retryUntilStoreIsUp(
      () =>
        database.transaction(async (store) => {
          await requireLease(store, organization.id, lease, clock);
          await insertPictures(store, organization.id, lease, position, some);
        }),
      signal,
    );
  }
}
