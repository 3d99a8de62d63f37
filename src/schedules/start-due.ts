import { commandLine } from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { GivenValues } from '../data-sources/templates/template-order.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import {
  type Database,
  type Store,
  StoreBusyError,
  StoreUnavailableError,
} from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import { changeRows } from '../inventory/row-writer.ts';
import { IsolatedFailures } from '../isolated-failures.ts';
import { enqueueRun, type PreparedRun, prepareRun } from '../runs/enqueue-run.ts';
import { findNewestRunOf } from '../runs/run-store.ts';
import { nextTime } from './next-time.ts';
import {
  type DueSchedule,
  deleteSchedule,
  findSchedule,
  listDueSchedules,
  moveSchedule,
  type Schedule,
} from './schedule-store.ts';
import { stopSchedules } from './stop-schedules.ts';

export type StartParts = {
  database: Database;
  clock: Clock;
  identifiers: Identifiers;
  templates: Templates;
  /** How many runs of an organization may wait. */
  mostWaiting: number;
  /** Is told of each run that was started how much later than due it was. */
  onStarted: (lateMs: number, schedule: DueSchedule) => void;
  /**
   * Is told why a run could not be started: once for each reason, however often it holds. What was due is passed over,
   * and its schedule says why.
   */
  onFailure: (error: Error, schedule?: DueSchedule) => void;
};

const AT_ONCE = 20;

/**
 * Starts a run for every schedule that is due. Each is started by one process, whichever comes first, and once, however
 * long it has been due: what was missed while nobody was there is not made up for run by run. What falls due before the
 * last run of the same schedule has ended is passed over.
 *
 * @throws where it could not be said of an organization that something was started, as an import holds its rows, after all
 * others have had their turn; what was due is due still.
 */
export async function startDueRuns(parts: StartParts, isStopped = () => false): Promise<void> {
  const { database, clock } = parts;
  const turns = new IsolatedFailures();
  while (!isStopped()) {
    const some = { leftOut: turns.leftOut, limit: AT_ONCE };
    const due = await listDueSchedules(database, wireTime(clock()), some);
    if (due.length === 0) break;
    for (const schedule of due) {
      if (isStopped()) break;
      await turns.do(schedule.organizationId, () => startRun(parts, schedule));
    }
  }
  turns.end();
}

async function startRun(parts: StartParts, due: DueSchedule): Promise<void> {
  const { database, clock, onStarted, onFailure } = parts;
  try {
    const ready = await makeReady(parts, due);
    const isStarted = await database.transaction((store) => claimRun(store, parts, due, ready));
    if (isStarted) onStarted(clock() - Date.parse(due.nextAt), due);
  } catch (error) {
    if (error instanceof StoreBusyError || error instanceof StoreUnavailableError) throw error;
    if (!(error instanceof ApiError)) onFailure(error as Error, due);
    const refusal = refusalOf(error);
    const isNews = await database.transaction((store) => passOver(store, parts, due, refusal));
    if (isNews && error instanceof ApiError) onFailure(error, due);
  }
}

/** Why nothing was started, for whoever looks after the schedule. */
function refusalOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The server failed; the cause is in its log.';
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}

/** What was made ready of a run that is due, and the values for which it was. */
type Ready = { prepared: PreparedRun; parameters: GivenValues };

/** Undefined where nothing is to be run. */
async function makeReady(parts: StartParts, due: DueSchedule): Promise<Ready | undefined> {
  const { database } = parts;
  const { organizationId } = due;
  const schedule = await findSchedule(database, organizationId, 'number', due.number);
  if (schedule === undefined || schedule.ownerRemoved) return undefined;
  const report = await findReport(database, organizationId, schedule);
  if (report === undefined || report.archived) return undefined;
  await requireLastEnded(database, organizationId, schedule);
  const { parameters } = schedule;
  const prepared = await prepareRun(database, organizationId, { report, parameters }, parts);
  return { prepared, parameters };
}

/** @throws ApiError conflict while the last run that the schedule started has not ended. */
async function requireLastEnded(
  store: Store,
  organizationId: number,
  { number }: Schedule,
): Promise<void> {
  const last = await findNewestRunOf(store, organizationId, { scheduleNumber: number });
  if (last === undefined || last.endedAt !== null) return;
  throw new ApiError(
    'conflict',
    `The previous run of this schedule, queued at ${last.createdAt}, had not ended.`,
    'Run it less often, or make its queries faster.',
  );
}

async function findReport(
  store: Store,
  organizationId: number,
  { reportSlot }: Schedule,
): Promise<StoredRow | undefined> {
  const [report] = await findRows(store, organizationId, lists.reports, 'slot', [reportSlot]);
  return report;
}

/**
 * Answers whether a run was started: not where another process was first, nor for a report that was archived or deleted, nor
 * for an owner who was removed, whose schedule is stopped.
 * What was changed since it was made ready is due still.
 */
async function claimRun(
  store: Store,
  parts: StartParts,
  due: DueSchedule,
  ready: Ready | undefined,
): Promise<boolean> {
  const { clock } = parts;
  const { organizationId } = due;
  const schedule = await findSchedule(store, organizationId, 'number', due.number);
  if (schedule === undefined) return false;
  if (schedule.ownerRemoved) {
    const stop = { at: wireTime(clock()), by: commandLine };
    await changeRows(store, organizationId, (writer) =>
      stopSchedules(store, organizationId, writer, [schedule], stop),
    );
    return false;
  }
  const report = await findReport(store, organizationId, schedule);
  if (report === undefined) {
    await deleteSchedule(store, organizationId, due.number);
    return false;
  }
  const starts = !report.archived;
  if (starts && !isSame(ready?.parameters, schedule.parameters)) return false;
  if (starts) await requireLastEnded(store, organizationId, schedule);
  const isOurs = await moveSchedule(store, organizationId, due, {
    ...schedule,
    ...(starts && { lastScheduledAt: due.nextAt, refusedAt: null, refusal: null }),
    nextAt: nextAfter(schedule, clock),
  });
  if (!isOurs || !starts || ready === undefined) return false;
  await enqueueRun(
    store,
    organizationId,
    {
      report,
      memberSlot: schedule.creatorSlot,
      scheduleNumber: schedule.number,
    },
    ready.prepared,
    parts,
  );
  return true;
}

/** Says why what is due is not started; answers whether the schedule did not say so already. */
async function passOver(
  store: Store,
  { clock }: StartParts,
  due: DueSchedule,
  refusal: string,
): Promise<boolean> {
  const { organizationId } = due;
  const schedule = await findSchedule(store, organizationId, 'number', due.number);
  if (schedule === undefined) return false;
  const isOurs = await moveSchedule(store, organizationId, due, {
    ...schedule,
    refusedAt: due.nextAt,
    refusal,
    nextAt: nextAfter(schedule, clock),
  });
  return isOurs && refusal !== schedule.refusal;
}

function nextAfter({ timing }: Schedule, clock: Clock): string | null {
  const next = nextTime(timing, clock());
  return next === undefined ? null : wireTime(next);
}

function isSame(before: GivenValues | undefined, now: GivenValues): boolean {
  return JSON.stringify(before) === JSON.stringify(now);
}
