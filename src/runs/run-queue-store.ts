import type { Store } from '../database/database.ts';
import type { Organization } from '../organizations/organization.ts';
import type { EndState, Lease, QueryOutcome, RunFailure } from './run.ts';

/** A run whose worker was lost. */
export type LostRun = Lease & { organizationId: number; timesLost: number };

/** The runs of an organization that have not ended. */
export type RunQueue = {
  organization: Organization;
  waiting: number;
  running: number;
  /** When a worker last took one of its runs. */
  lastStartedAt: string | null;
};

/** The queue of every organization that has one. */
export async function listRunQueues(store: Store): Promise<RunQueue[]> {
  const rows = await store.everywhere<Organization & Omit<RunQueue, 'organization'>>(
    (isOneOfThem) => `select o.id, o.username, o.name, q.waiting, q.running,
       (select max(r.started_at) from runs r where r.organization_id = q.organization_id
          and ${isOneOfThem('r.organization_id')}) as "lastStartedAt"
     from (
       select organization_id, sum(case when state = 'waiting' then 1 else 0 end) as waiting,
         sum(case when state = 'running' then 1 else 0 end) as running
       from runs where ended_at is null and ${isOneOfThem('organization_id')} group by organization_id
     ) as q join organizations o on o.id = q.organization_id and ${isOneOfThem('o.id')}`,
  );
  return rows.map(({ id, username, name, ...queue }) => ({
    organization: { id, username, name },
    ...queue,
  }));
}

/** How many runs of all organizations have not ended, and since when the first of them waits. */
export async function countUnfinishedRuns(
  store: Store,
): Promise<{ waiting: number; running: number; oldestWaitingAt: string | null }> {
  const counted = await store.everywhere<{
    waiting: number | null;
    running: number | null;
    oldestWaitingAt: string | null;
  }>(
    (isOneOfThem) => `select sum(case when state = 'waiting' then 1 else 0 end) as waiting,
       sum(case when state = 'running' then 1 else 0 end) as running,
       min(case when state = 'waiting' then created_at end) as "oldestWaitingAt"
     from runs where ended_at is null and ${isOneOfThem('organization_id')}`,
  );
  const total = (of: 'waiting' | 'running') =>
    counted.reduce((sum, part) => sum + (part[of] ?? 0), 0);
  const [oldestWaitingAt = null] = counted.flatMap((part) => part.oldestWaitingAt ?? []).toSorted();
  return { waiting: total('waiting'), running: total('running'), oldestWaitingAt };
}

/** How many runs of an organization wait, counted no further than to a number. */
export async function countWaitingRuns(
  store: Store,
  organizationId: number,
  upTo: number,
): Promise<number> {
  const counted = await store.get<{ count: number }>(
    `select count(*) as count from (
       select 1 from runs where organization_id = ? and state = 'waiting' limit ?
     ) as waiting`,
    [organizationId, upTo],
  );
  return counted?.count ?? 0;
}

/** Every run whose worker was last heard of too long ago. */
export async function listLostRuns(store: Store, now: string): Promise<LostRun[]> {
  return store.everywhere(
    (
      isOneOfThem,
    ) => `select organization_id as "organizationId", number as "runNumber", attempt, times_lost as "timesLost"
     from runs where ended_at is null and state = 'running' and leased_until < ?
       and ${isOneOfThem('organization_id')}`,
    [now],
  );
}

/**
 * Takes the run that has waited longest of those that a person asked for, or else of those of schedules, unless as many run as may: within a transaction that holds the organization's
 * head row, so that no two workers take one run, or one too many.
 *
 * @returns the number of the run and of this attempt at it.
 */
export async function takeNextWaiting(
  store: Store,
  organizationId: number,
  { now, leasedUntil, mostRunning }: { now: string; leasedUntil: string; mostRunning: number },
): Promise<{ number: number; attempt: number } | undefined> {
  return store.get(
    `update runs set state = 'running', attempt = attempt + 1, started_at = ?, updated_at = ?, leased_until = ?
     where organization_id = ? and number = (
       select number from runs where organization_id = ? and state = 'waiting'
       order by schedule_number is not null, number limit 1
     ) and ? > (
       select count(*) from runs where organization_id = ? and ended_at is null and state = 'running'
     ) returning number, attempt`,
    [now, now, leasedUntil, organizationId, organizationId, mostRunning, organizationId],
  );
}

const HELD = `organization_id = ? and number = ? and attempt = ? and state = 'running'`;

/** Says that the worker lives, and keeps the run from others for the rest of the transaction; false where it is lost. */
export async function renewLease(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  leasedUntil: string,
): Promise<boolean> {
  const renewed = await store.run(`update runs set leased_until = ? where ${HELD}`, [
    leasedUntil,
    organizationId,
    runNumber,
    attempt,
  ]);
  return renewed === 1;
}

/** Whether a run is still held, and if so whether somebody wants it to stop. */
export async function lookAtLease(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
): Promise<'held' | 'cancelled' | 'lost'> {
  const row = await store.get<{ cancelAskedAt: string | null }>(
    `select cancel_asked_at as "cancelAskedAt" from runs where ${HELD}`,
    [organizationId, runNumber, attempt],
  );
  if (row === undefined) return 'lost';
  return row.cancelAskedAt === null ? 'held' : 'cancelled';
}

/** Lets a run that is held wait again. */
export async function putBack(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  now: string,
): Promise<void> {
  await store.run(
    `update runs set state = 'waiting', leased_until = null, updated_at = ? where ${HELD}`,
    [now, organizationId, runNumber, attempt],
  );
}

/** Lets a run wait again whose worker is believed to be lost; false where the worker has been heard of since. */
export async function putBackLost(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  now: string,
): Promise<boolean> {
  const changed = await store.run(
    `update runs set state = 'waiting', leased_until = null, updated_at = ?, times_lost = times_lost + 1
     where ${HELD} and leased_until < ?`,
    [now, organizationId, runNumber, attempt, now],
  );
  return changed === 1;
}

/** Keeps what became of a query, within a transaction that holds the run. */
export async function saveOutcome(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  position: number,
  outcome: QueryOutcome,
): Promise<void> {
  const { failure, result, preview } =
    outcome.state === 'succeeded'
      ? { ...outcome, failure: undefined }
      : { failure: outcome.failure, result: undefined, preview: null };
  await store.run(
    `update query_runs set state = ?, rendered_source = ?, started_at = ?, ended_at = ?, error_code = ?,
       error_message = ?, error_line = ?, error_position = ?, result_columns = ?, row_count = ?, byte_count = ?,
       truncated = ?, preview = ?, attempt = ?
     where organization_id = ? and run_number = ? and position = ?`,
    [
      outcome.state,
      outcome.renderedSource,
      outcome.startedAt,
      outcome.endedAt,
      failure?.code ?? null,
      failure?.message ?? null,
      failure?.line ?? null,
      failure?.position ?? null,
      result ? JSON.stringify(result.columns) : null,
      result?.rows ?? null,
      result?.bytes ?? null,
      result ? Number(result.truncated) : null,
      preview,
      attempt,
      organizationId,
      runNumber,
      position,
    ],
  );
}

/**
 * Ends a run, within a transaction; false where it has ended, or somebody else has taken it since.
 *
 * @param reason said of every query that has not ended.
 */
export async function endRun(
  store: Store,
  organizationId: number,
  { runNumber, attempt }: Lease,
  { state, now, reason }: { state: EndState; now: string; reason: RunFailure | undefined },
): Promise<boolean> {
  const ended = await store.run(
    `update runs set state = ?, ended_at = ?, updated_at = ?, leased_until = null
     where organization_id = ? and number = ? and attempt = ? and ended_at is null`,
    [state, now, now, organizationId, runNumber, attempt],
  );
  if (ended === 0) return false;
  await store.run(
    `update query_runs set state = ?, ended_at = ?, error_code = ?, error_message = ?
     where organization_id = ? and run_number = ? and state = 'waiting'`,
    [state, now, reason?.code ?? null, reason?.message ?? null, organizationId, runNumber],
  );
  return true;
}

/** The runs of a report that have not ended. */
export async function listUnfinishedRuns(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<{ number: number; attempt: number }[]> {
  return store.all(
    'select number, attempt from runs where organization_id = ? and report_slot = ? and ended_at is null',
    [organizationId, reportSlot],
  );
}

/** Asks whoever has a run to stop it; false where nobody has it. */
export async function askToCancel(
  store: Store,
  organizationId: number,
  number: number,
  now: string,
): Promise<boolean> {
  const asked = await store.run(
    `update runs set cancel_asked_at = coalesce(cancel_asked_at, ?), updated_at = ?
     where organization_id = ? and number = ? and state = 'running'`,
    [now, now, organizationId, number],
  );
  return asked === 1;
}
