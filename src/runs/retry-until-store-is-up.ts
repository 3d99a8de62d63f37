import { setTimeout as sleep } from 'node:timers/promises';
import { StoreBusyError, StoreUnavailableError } from '../database/database.ts';

const PAUSE_MS = 500;

/**
 * Does a piece of work with the store, again and again while the store is away: what took minutes to compute is not to
 * be lost because a database restarts.
 *
 * @param signal ends the waiting, and is thrown.
 */
export async function retryUntilStoreIsUp<Result>(
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const isAway = error instanceof StoreBusyError || error instanceof StoreUnavailableError;
      if (!isAway) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
