import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { findRows } from '../inventory/row-store.ts';
import { changeOrganization, type RowWriter } from '../inventory/row-writer.ts';
import { IsolatedFailures } from '../isolated-failures.ts';
import type { Organization } from '../organizations/organization.ts';
import { recordEnd, recordStart } from './record-run.ts';
import { deleteUnusedResults } from './result-store.ts';
import type { EndState, Lease, QueryOutcome, QueryRun, Run, RunFailure } from './run.ts';
import {
  askToCancel,
  endRun,
  type LostRun,
  listLostRuns,
  listRunQueues,
  listUnfinishedRuns,
  putBack,
  putBackLost,
  type RunQueue,
  renewLease,
  saveOutcome,
  takeNextWaiting,
} from './run-queue-store.ts';
import { getRunByNumber, listQueryRuns } from './run-store.ts';

/** How long a worker may be silent before its runs are given to others. */
export const LEASE_MS = 30_000;
/** After so many workers were lost with it, a run fails: it may be what they died of. */
const MOST_LOSSES = 3;

/** A run that a worker has. */
export type ClaimedRun = {
  organization: Organization;
  /** Token of the report, if it is known. */
  report: string | undefined;
  run: Run;
  queryRuns: QueryRun[];
  lease: Lease;
  /** When it was taken, from which its lease counts. */
  takenMs: number;
};

/** A run was taken by somebody else, ended or deleted: whoever had it has no say in it any more. */
export class RunLostError extends Error {}

/** In the order in which organizations have their turn: who has the fewest running, then who has waited longest for one. */
function inTurn(queues: readonly RunQueue[]): RunQueue[] {
  return queues.toSorted(
    (a, b) =>
      a.running - b.running ||
      (a.lastStartedAt ?? '').localeCompare(b.lastStartedAt ?? '') ||
      a.organization.id - b.organization.id,
  );
}

/**
 * Takes the next run, and says in the Discovery lists that it begins; undefined where none may begin now. What is wrong
 * with the rows of one organization does not keep others from their turn: it is thrown where nobody else has one.
 */
export async function claimRun(
  database: Database,
  parts: { clock: Clock; mostRunning: number },
): Promise<ClaimedRun | undefined> {
  const queues = await listRunQueues(database);
  const mayBegin = queues.filter(
    ({ waiting, running }) => waiting > 0 && running < parts.mostRunning,
  );
  const turns = new IsolatedFailures();
  let taken: ClaimedRun | undefined;
  for (const { organization } of inTurn(mayBegin)) {
    await turns.do(organization.id, async () => {
      taken = await takeRunOf(database, organization, parts);
    });
    if (taken) return taken;
  }
  turns.end();
  return undefined;
}

function takeRunOf(
  database: Database,
  organization: Organization,
  { clock, mostRunning }: { clock: Clock; mostRunning: number },
): Promise<ClaimedRun | undefined> {
  return changeOrganization(database, organization.id, async (store, writer) => {
    const nowMs = clock();
    const terms = { now: wireTime(nowMs), leasedUntil: wireTime(nowMs + LEASE_MS), mostRunning };
    const found = await takeNextWaiting(store, organization.id, terms);
    if (found === undefined) return undefined;
    const run = await getRunByNumber(store, organization.id, found.number);
    const queryRuns = await listQueryRuns(store, organization.id, found.number);
    await recordStart(store, organization.id, writer, run, nowMs);
    const lease = { runNumber: found.number, attempt: found.attempt };
    const [report] = await findRows(store, organization.id, lists.reports, 'slot', [
      run.reportSlot,
    ]);
    return { organization, report: report?.token, run, queryRuns, lease, takenMs: nowMs };
  });
}

/**
 * Keeps what became of a query of a run.
 *
 * @throws RunLostError
 */
export async function keepOutcome(
  database: Database,
  { organization, lease }: ClaimedRun,
  { position, outcome, clock }: { position: number; outcome: QueryOutcome; clock: Clock },
): Promise<void> {
  await database.transaction(async (store) => {
    await requireLease(store, organization.id, lease, clock);
    await saveOutcome(store, organization.id, lease, position, outcome);
  });
}

/** Makes sure within a transaction that a run is held, and held until its end. @throws RunLostError */
export async function requireLease(
  store: Store,
  organizationId: number,
  lease: Lease,
  clock: Clock,
): Promise<void> {
  const leasedUntil = wireTime(clock() + LEASE_MS);
  if (await renewLease(store, organizationId, lease, leasedUntil)) return;
  throw lost();
}

/**
 * Ends a run, and says so in the Discovery lists.
 *
 * @throws RunLostError
 */
export async function finishRun(
  database: Database,
  { organization, lease }: ClaimedRun,
  state: EndState,
  clock: Clock,
): Promise<void> {
  const ended = await changeOrganization(database, organization.id, (store, writer) =>
    end(store, organization.id, writer, lease, { state, nowMs: clock() }),
  );
  if (!ended) throw lost();
}

/** Lets a run wait for another worker, as if this one had never taken it. */
export async function requeue(
  database: Database,
  { organization, lease }: ClaimedRun,
  clock: Clock,
): Promise<void> {
  await putBack(database, organization.id, lease, wireTime(clock()));
}

/**
 * Lets every run whose worker was lost wait for another, or ends it where that happened too often. Where that fails for
 * an organization, the others have their turn all the same.
 *
 * @param nowMs the time by which leases are judged.
 * @param onLost told of each.
 */
export async function recoverLostRuns(
  database: Database,
  nowMs: number,
  onLost: (run: LostRun) => void = () => undefined,
): Promise<void> {
  const now = wireTime(nowMs);
  const recover = async (run: LostRun) => {
    const { organizationId, timesLost, ...lease } = run;
    const wasLost = await changeOrganization(database, organizationId, async (store, writer) => {
      // A worker that was slow and not lost has renewed its lease meanwhile.
      if (!(await putBackLost(store, organizationId, lease, now))) return false;
      if (timesLost + 1 < MOST_LOSSES) return true;
      const message =
        `The run was given up: ${MOST_LOSSES} workers died, or lost their store, while executing it. ` +
        'It may need more memory than their machine has. See their logs.';
      const reason = { code: 'worker_lost', message, line: null, position: null } as const;
      await end(store, organizationId, writer, lease, { state: 'failed', nowMs, reason });
      return true;
    });
    if (wasLost) onLost(run);
  };
  const turns = new IsolatedFailures();
  for (const run of await listLostRuns(database, now))
    await turns.do(run.organizationId, () => recover(run));
  turns.end();
}

/**
 * Cancels a run that waits; of one that a worker has, that is asked for.
 *
 * @returns whether there was anything to cancel.
 */
export async function cancelRun(
  database: Database,
  organizationId: number,
  { number }: Run,
  clock: Clock,
): Promise<boolean> {
  return changeOrganization(database, organizationId, async (store, writer) => {
    const nowMs = clock();
    if (await askToCancel(store, organizationId, number, wireTime(nowMs))) return true;
    const { attempt } = await getRunByNumber(store, organizationId, number);
    const lease = { runNumber: number, attempt };
    return end(store, organizationId, writer, lease, { state: 'cancelled', nowMs });
  });
}

/** Cancels all runs of a report that have not ended, within a transaction that holds the organization. */
export async function cancelRunsOfReport(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  { reportSlot, nowMs }: { reportSlot: number; nowMs: number },
): Promise<void> {
  for (const { number, attempt } of await listUnfinishedRuns(store, organizationId, reportSlot)) {
    if (await askToCancel(store, organizationId, number, wireTime(nowMs))) continue;
    const lease = { runNumber: number, attempt };
    await end(store, organizationId, writer, lease, { state: 'cancelled', nowMs });
  }
}

/** Ends a run that has not ended, unless somebody has taken it since the lease. */
async function end(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  lease: Lease,
  { state, nowMs, reason }: { state: EndState; nowMs: number; reason?: RunFailure },
): Promise<boolean> {
  const now = wireTime(nowMs);
  if (!(await endRun(store, organizationId, lease, { state, now, reason }))) return false;
  if (lease.attempt > 1) await deleteUnusedResults(store, organizationId, lease.runNumber);
  const run = await getRunByNumber(store, organizationId, lease.runNumber);
  await recordEnd(store, organizationId, writer, run, state, nowMs);
  return true;
}

function lost(): RunLostError {
  return new RunLostError('The run was taken by another worker, has ended or was deleted.');
}
