import { type Clock, wireTime } from '../clock.ts';
import type { GivenValues } from '../data-sources/templates/template-order.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import {
  type Database,
  type Queries,
  StoreBusyError,
  StoreUnavailableError,
} from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';
import { lists } from '../inventory/lists.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import { OneByOne } from '../one-by-one.ts';
import { enqueueRun, type PreparedRun, prepareRun } from '../runs/enqueue-run.ts';
import { nextTime } from './next-time.ts';
import {
  type DueSchedule,
  deleteSchedule,
  findSchedule,
  listDueSchedules,
  moveSchedule,
  type Schedule,
} from './schedule-store.ts';

export type StartParts = {
  database: Database;
  clock: Clock;
  identifiers: Identifiers;
  templates: Templates;
  /** How many runs of an organization may wait. */
  mostWaiting: number;
  /** Is told of each run that was started how much later than due it was. */
  onStarted: (lateMs: number) => void;
  /** Is told why a run could not be started; what was due is passed over, and its schedule says why. */
  onFailure: (error: Error) => void;
};

const AT_ONCE = 20;

/**
 * Starts a run for every schedule that is due. Each is started by one process, whichever comes first, and once, however
 * long it has been due: what was missed while nobody was there is not made up for run by run.
 *
 * @throws where it could not be said of an organization that something was started, as an import holds its rows, after all
 * others have had their turn; what was due is due still.
 */
export async function startDueRuns(parts: StartParts, isStopped = () => false): Promise<void> {
  const { database, clock } = parts;
  const turns = new OneByOne();
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
    const isStarted = await database.transaction((queries) => takeRun(queries, parts, due, ready));
    if (isStarted) onStarted(clock() - Date.parse(due.nextAt));
  } catch (error) {
    if (error instanceof StoreBusyError || error instanceof StoreUnavailableError) throw error;
    onFailure(error as Error);
    await database.transaction((queries) =>
      takeRun(queries, parts, due, { refusal: refusalOf(error) }),
    );
  }
}

/** Why nothing was started, for whoever looks after the schedule. */
function refusalOf(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The server failed; the cause is in its log.';
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}

/** What was made ready of a run that is due, and the values for which it was; or why it cannot be. */
type Ready = { prepared: PreparedRun; parameters: GivenValues } | { refusal: string };

/** Undefined where nothing is to be run. */
async function makeReady(parts: StartParts, due: DueSchedule): Promise<Ready | undefined> {
  const { database } = parts;
  const { organizationId } = due;
  const schedule = await findSchedule(database, organizationId, 'number', due.number);
  if (schedule === undefined) return undefined;
  const report = await findReport(database, organizationId, schedule);
  if (report === undefined || report.archived) return undefined;
  const { parameters } = schedule;
  const prepared = await prepareRun(database, organizationId, { report, parameters }, parts);
  return { prepared, parameters };
}

async function findReport(
  queries: Queries,
  organizationId: number,
  { reportSlot }: Schedule,
): Promise<StoredRow | undefined> {
  const [report] = await findRows(queries, organizationId, lists.reports, 'slot', [reportSlot]);
  return report;
}

/**
 * Answers whether a run was started: not where another process was first, nor for a report that was archived or deleted.
 *
 * @param ready where it says why no run can be started, what was due is passed over. What was changed since it was made
 *   ready is due still.
 */
async function takeRun(
  queries: Queries,
  parts: StartParts,
  due: DueSchedule,
  ready: Ready | undefined,
): Promise<boolean> {
  const { clock } = parts;
  const { organizationId } = due;
  const schedule = await findSchedule(queries, organizationId, 'number', due.number);
  if (schedule === undefined) return false;
  const report = await findReport(queries, organizationId, schedule);
  if (report === undefined) {
    await deleteSchedule(queries, organizationId, due.number);
    return false;
  }
  const refusal = ready && 'refusal' in ready ? ready.refusal : undefined;
  const starts = refusal === undefined && !report.archived;
  const prepared = ready && 'prepared' in ready ? ready : undefined;
  if (starts && !isSame(prepared?.parameters, schedule.parameters)) return false;
  const next = nextTime(schedule.timing, clock());
  const isOurs = await moveSchedule(queries, organizationId, due, {
    ...schedule,
    ...(refusal !== undefined && { refusedAt: due.nextAt, refusal }),
    ...(starts && { lastScheduledAt: due.nextAt, refusedAt: null, refusal: null }),
    nextAt: next === undefined ? null : wireTime(next),
  });
  if (!isOurs || !starts || prepared === undefined) return false;
  await enqueueRun(
    queries,
    organizationId,
    {
      report,
      memberSlot: schedule.creatorSlot,
      scheduleNumber: schedule.number,
    },
    prepared.prepared,
    parts,
  );
  return true;
}

function isSame(before: GivenValues | undefined, now: GivenValues): boolean {
  return JSON.stringify(before) === JSON.stringify(now);
}
