import { type Clock, wireTime } from '../clock.ts';
import {
  type Database,
  type Queries,
  StoreBusyError,
  StoreUnavailableError,
} from '../database/database.ts';
import { lists } from '../discovery/lists.ts';
import { findRows } from '../discovery/row-store.ts';
import type { Identifiers } from '../identifiers.ts';
import { enqueueRun } from '../runs/enqueue-run.ts';
import { nextTime } from './next-time.ts';
import {
  type DueSchedule,
  deleteSchedule,
  findSchedule,
  listDueSchedules,
  moveSchedule,
} from './schedule-store.ts';

export type StartParts = {
  database: Database;
  clock: Clock;
  identifiers: Identifiers;
  /** How many runs of an organization may wait. */
  mostWaiting: number;
  /** Is told of each run that was started how much later than due it was. */
  onStarted: (lateMs: number) => void;
  /** Is told why a run could not be started; what was due is passed over. */
  onFailure: (error: Error) => void;
};

const AT_ONCE = 20;

/**
 * Starts a run for every schedule that is due. Each is started by one process, whichever comes first, and once, however
 * long it has been due: what was missed while nobody was there is not made up for run by run.
 *
 * @throws StoreUnavailableError and StoreBusyError; what was due is due still.
 */
export async function startDueRuns(parts: StartParts, isStopped = () => false): Promise<void> {
  const { database, clock } = parts;
  while (!isStopped()) {
    const due = await listDueSchedules(database, wireTime(clock()), AT_ONCE);
    if (due.length === 0) return;
    for (const schedule of due) {
      if (isStopped()) return;
      await startRun(parts, schedule);
    }
  }
}

async function startRun(parts: StartParts, due: DueSchedule): Promise<void> {
  const { database, clock, onStarted, onFailure } = parts;
  try {
    const isStarted = await database.transaction((queries) => takeRun(queries, parts, due, true));
    if (isStarted) onStarted(clock() - Date.parse(due.nextAt));
  } catch (error) {
    if (error instanceof StoreBusyError || error instanceof StoreUnavailableError) throw error;
    onFailure(error as Error);
    await database.transaction((queries) => takeRun(queries, parts, due, false));
  }
}

/** Answers whether a run was started: not where another process was first, nor for a report that was archived or deleted. */
async function takeRun(
  queries: Queries,
  { clock, identifiers, mostWaiting }: StartParts,
  due: DueSchedule,
  withRun: boolean,
): Promise<boolean> {
  const { organizationId } = due;
  const schedule = await findSchedule(queries, organizationId, 'number', due.number);
  if (schedule === undefined) return false;
  const [report] = await findRows(queries, organizationId, lists.reports, 'slot', [
    schedule.reportSlot,
  ]);
  if (report === undefined) {
    await deleteSchedule(queries, organizationId, due.number);
    return false;
  }
  const starts = withRun && !report.archived;
  const next = nextTime(schedule.timing, clock());
  const isOurs = await moveSchedule(queries, organizationId, due, {
    nextAt: next === undefined ? null : wireTime(next),
    lastScheduledAt: starts ? due.nextAt : schedule.lastScheduledAt,
  });
  if (!isOurs || !starts) return false;
  await enqueueRun(
    queries,
    organizationId,
    {
      report,
      parameters: schedule.parameters,
      memberSlot: schedule.creatorSlot,
      scheduleNumber: schedule.number,
    },
    { clock, identifiers, mostWaiting },
  );
  return true;
}
