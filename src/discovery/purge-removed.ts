import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { listOrganizations } from '../organizations/organization-store.ts';
import { purgeRemoved } from './change-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const HOUR_MS = 60 * 60 * 1000;
/** A server that has just started has better things to do. */
const FIRST_AFTER_MS = 60 * 1000;

type Parts = { database: Database; clock: Clock; keepDays: number };

/** Forgets in every organization what was removed longer ago than it is to be kept; answers how much it was. */
export async function purgeEveryOrganization(
  { database, clock, keepDays }: Parts,
  isStopped = () => false,
): Promise<number> {
  const before = wireTime(clock() - keepDays * DAY_MS);
  let purged = 0;
  for (const { id } of await listOrganizations(database)) {
    if (isStopped()) break;
    purged += await purgeRemoved(database, id, before, isStopped);
  }
  return purged;
}

/**
 * Does so every hour until the function that it answers is called, which waits for what is under way. A failure is told
 * and tried again at the next hour.
 */
export function purgeHourly(parts: Parts, onFailure: (error: Error) => void): () => Promise<void> {
  let isStopped = false;
  let underWay: Promise<unknown> = Promise.resolve();
  let timer = schedule(FIRST_AFTER_MS);

  function schedule(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      underWay = purgeEveryOrganization(parts, () => isStopped).catch(onFailure);
      timer = schedule(HOUR_MS);
    }, ms).unref();
  }

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await underWay;
  };
}
