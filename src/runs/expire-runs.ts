import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { eachOrganization } from '../organizations/each-organization.ts';
import { deleteOldRuns } from './old-run-store.ts';
import { expireResults } from './result-store.ts';

type Parts = {
  database: Database;
  clock: Clock;
  keepResultsDays: number;
  keepRunsDays: number;
};

/**
 * Deletes in every organization the results of runs that ended longer ago than results are kept, and then the runs that
 * are not kept either; answers of how many. Where it fails for one, the others have their turn all the same.
 */
export async function expireRuns(
  { database, clock, keepResultsDays, keepRunsDays }: Parts,
  isStopped = () => false,
): Promise<{ expired: number; deleted: number }> {
  const nowMs = clock();
  const daysAgo = (days: number) => wireTime(nowMs - days * DAY_MS);
  const resultsBefore = daysAgo(Math.min(keepResultsDays, keepRunsDays));
  const now = wireTime(nowMs);
  const before = daysAgo(keepRunsDays);
  const count = { expired: 0, deleted: 0 };
  await eachOrganization(database, isStopped, async (id) => {
    count.expired += await expireResults(database, id, { before: resultsBefore, now, isStopped });
    count.deleted += await deleteOldRuns(database, id, { before, isStopped });
  });
  return count;
}
