import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { doHourly } from '../hourly.ts';
import { purgeRemoved } from '../inventory/change-store.ts';
import { eachOrganization } from './each-organization.ts';

type Parts = { database: Database; clock: Clock; keepDays: number };

/**
 * Forgets in every organization what was removed longer ago than it is to be kept; answers how much it was. Where it
 * fails for one, the others have their turn all the same.
 */
export async function purgeEveryOrganization(
  { database, clock, keepDays }: Parts,
  isStopped = () => false,
): Promise<number> {
  const before = wireTime(clock() - keepDays * DAY_MS);
  let purged = 0;
  await eachOrganization(database, isStopped, async (id) => {
    purged += await purgeRemoved(database, id, before, isStopped);
  });
  return purged;
}

/** Does so every hour; see `doHourly`. */
export function purgeHourly(parts: Parts, onFailure: (error: Error) => void): () => Promise<void> {
  return doHourly((isStopped) => purgeEveryOrganization(parts, isStopped), onFailure);
}
