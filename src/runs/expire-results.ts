import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { listOrganizations } from '../organizations/organization-store.ts';
import { expireResults } from './result-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Deletes in every organization the results of runs that ended longer ago than results are kept; answers of how many. */
export async function expireEveryResult(
  { database, clock, keepDays }: { database: Database; clock: Clock; keepDays: number },
  isStopped = () => false,
): Promise<number> {
  const nowMs = clock();
  const times = { before: wireTime(nowMs - keepDays * DAY_MS), now: wireTime(nowMs), isStopped };
  let expired = 0;
  for (const { id } of await listOrganizations(database)) {
    expired += await expireResults(database, id, times);
  }
  return expired;
}
