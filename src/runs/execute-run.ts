import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { type ExecutionParts, executeQuery } from './execute-query.ts';
import { retryUntilStoreIsUp } from './retry-until-store-is-up.ts';
import type { EndState, RunFailure } from './run.ts';
import { type ClaimedRun, finishRun, LEASE_MS, RunLostError, requeue } from './run-queue.ts';

/** Why a run is stopped before its end: somebody cancelled it, its worker stops, or it is another worker's by now. */
export type StopReason = 'cancelled' | 'stopping' | 'lost';

/** How a run ended here; `failure` is that of the first query which failed in this attempt. */
export type RunEnd = { state: EndState; failure?: RunFailure | undefined };

/**
 * Executes a run that a worker has taken, query after query, and says how it ended: it succeeds where every query did.
 * Queries that an earlier attempt has seen to the end are not run again.
 *
 * @param signal stops it, for a StopReason.
 * @returns undefined where it has not ended here.
 */
export async function executeRun(
  parts: ExecutionParts,
  taken: ClaimedRun,
  signal: AbortSignal,
): Promise<RunEnd | undefined> {
  let failure: RunFailure | undefined;
  try {
    const states = taken.queryRuns.map(({ state }) => state);
    for (const [index, queryRun] of taken.queryRuns.entries()) {
      if (queryRun.state !== 'waiting') continue;
      const outcome = await executeQuery(parts, taken, queryRun, signal);
      states[index] = outcome.state;
      if (outcome.state !== 'succeeded') failure ??= outcome.failure;
    }
    const state = states.every((one) => one === 'succeeded') ? 'succeeded' : 'failed';
    await retryUntilStoreIsUp(() => finishRun(parts.database, taken, state, parts.clock), signal);
    return { state, failure };
  } catch (error) {
    if (error instanceof RunLostError) return undefined;
    if (!signal.aborted) throw error;
    return stopRun(parts, taken, signal.reason);
  }
}

async function stopRun(
  { database, clock }: { database: Database; clock: Clock },
  taken: ClaimedRun,
  reason: StopReason,
): Promise<RunEnd | undefined> {
  if (reason === 'lost') return undefined;
  // After that time it is no longer this worker's to say.
  const end = AbortSignal.timeout(LEASE_MS);
  if (reason === 'stopping') {
    await requeue(database, taken, clock);
    return undefined;
  }
  await retryUntilStoreIsUp(() => finishRun(database, taken, 'cancelled', clock), end);
  return { state: 'cancelled' };
}
