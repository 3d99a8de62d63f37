import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { deleteFavoritesOfReport } from '../favorites/favorite-store.ts';
import { deleteRowDetails } from '../inventory/row-detail-store.ts';
import { eachOrganization } from '../organizations/each-organization.ts';
import { deleteRunsOfReport } from '../runs/run-store.ts';
import { deleteSchedulesOfReport } from '../schedules/schedule-store.ts';
import { deleteViews } from '../views/view-store.ts';
import { KEEP_DELETED_DAYS } from './delete-report.ts';
import { listDeletedBefore, takeDeletedReport } from './deleted-report-store.ts';
import { deleteDraftsOfReport } from './draft-store.ts';
import { deleteVersions } from './version-store.ts';

const AT_ONCE = 100;

/** Forgets the reports that were deleted too long ago to be restored, with all that belonged to them; answers how many. */
export async function forgetDeletedReports(
  { database, clock }: { database: Database; clock: Clock },
  isStopped = () => false,
): Promise<number> {
  const before = wireTime(clock() - KEEP_DELETED_DAYS * DAY_MS);
  let forgotten = 0;
  await eachOrganization(database, isStopped, async (id) => {
    for (let isFull = true; isFull && !isStopped(); ) {
      const old = await listDeletedBefore(database, id, before, AT_ONCE);
      isFull = old.length === AT_ONCE;
      for (const slot of old) {
        if (await database.transaction((store) => forget(store, id, slot))) forgotten++;
      }
    }
  });
  return forgotten;
}

/** @returns whether it was still there: it may have been restored since it was listed. */
async function forget(store: Store, organizationId: number, slot: number): Promise<boolean> {
  const kept = await takeDeletedReport(store, organizationId, slot);
  if (kept === undefined) return false;
  for (const { row } of kept.rows) {
    await deleteRowDetails(store, organizationId, row.slot);
  }
  await deleteVersions(store, organizationId, slot);
  await deleteDraftsOfReport(store, organizationId, slot);
  await deleteViews(store, organizationId, slot);
  await deleteFavoritesOfReport(store, organizationId, slot);
  await deleteSchedulesOfReport(store, organizationId, slot);
  await deleteRunsOfReport(store, organizationId, slot);
  return true;
}
