import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import type { Reach } from '../spaces/space-access.ts';
import type { Timing } from './timing.ts';

/** When a report runs by itself. */
export type Schedule = {
  number: number;
  token: string;
  reportSlot: number;
  name: string | null;
  timing: Timing;
  parameters: Record<string, unknown>;
  /** The member whose schedule it is, and the address that the member had. */
  creatorSlot: number | null;
  creatorEmail: string | null;
  /** Whether that member was removed. */
  ownerRemoved: boolean;
  /** When it was stopped because of that; null for one that was not, or that is somebody's again. */
  stoppedAt: string | null;
  /** The time for which the next run is to be started; null while it is paused or stopped. */
  nextAt: string | null;
  /** The time for which the last one was. */
  lastScheduledAt: string | null;
  /** The time for which the last run was to be started and could not be, and why; null once one was started since. */
  refusedAt: string | null;
  refusal: string | null;
  /** When the last of its runs started, and when the last that succeeded ended. */
  lastRunAt: string | null;
  lastSucceededAt: string | null;
  /** Why the last of its runs that ended failed: of its first query that did, the name and what was wrong. */
  lastFailure: { query: string | null; message: string } | null;
  createdAt: string;
  updatedAt: string;
};

type RawSchedule = Omit<Schedule, 'timing' | 'parameters' | 'lastFailure' | 'ownerRemoved'> & {
  ownerRemoved: number;
  timing: string;
  parameters: string;
  failedQuery: string | null;
  failure: string | null;
};

const RUNS_OF_IT = 'runs.organization_id = ? and schedule_number = schedules.number';
/** Of the first query that failed, where the last run that ended did. */
const failed = (column: string) => `(select ${column} from query_runs
   where query_runs.organization_id = ? and state = 'failed' and run_number = (
     select number from runs where ${RUNS_OF_IT} and ended_at is not null order by number desc limit 1
   ) order by position limit 1)`;
const COLUMNS = `schedules.number, schedules.token, schedules.report_slot as "reportSlot", name, timing, schedules.parameters,
  creator_slot as "creatorSlot", creator_email as "creatorEmail", stopped_at as "stoppedAt", next_at as "nextAt",
  case when creator_slot is null or exists (
    select 1 from members where members.organization_id = ? and members.slot = creator_slot
  ) then 0 else 1 end as "ownerRemoved",
  last_scheduled_at as "lastScheduledAt", refused_at as "refusedAt", refusal, schedules.created_at as "createdAt",
  schedules.updated_at as "updatedAt",
  (select started_at from runs where ${RUNS_OF_IT} and started_at is not null
   order by runs.number desc limit 1) as "lastRunAt",
  (select ended_at from runs where ${RUNS_OF_IT} and state = 'succeeded'
   order by runs.number desc limit 1) as "lastSucceededAt",
  ${failed('query_name')} as "failedQuery", ${failed('error_message')} as failure`;
/** The values of the columns: a select within another says of which organization its rows are, too. */
const columnValues = (organizationId: number): number[] =>
  Array<number>(COLUMNS.split('?').length - 1).fill(organizationId);

export async function insertSchedule(
  store: Store,
  organizationId: number,
  schedule: Schedule,
): Promise<void> {
  await store.run(
    `insert into schedules (organization_id, number, token, report_slot, name, timing, parameters,
       creator_slot, creator_email, next_at, last_scheduled_at, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      organizationId,
      schedule.number,
      schedule.token,
      schedule.reportSlot,
      schedule.name,
      JSON.stringify(schedule.timing),
      JSON.stringify(schedule.parameters),
      schedule.creatorSlot,
      schedule.creatorEmail,
      schedule.nextAt,
      schedule.lastScheduledAt,
      schedule.createdAt,
      schedule.updatedAt,
    ],
  );
}

/** Gives a schedule what people change of it. */
export async function updateSchedule(
  store: Store,
  organizationId: number,
  { number, name, timing, parameters, nextAt, updatedAt, ...schedule }: Schedule,
): Promise<void> {
  await store.run(
    `update schedules set name = ?, timing = ?, parameters = ?, creator_slot = ?, creator_email = ?, stopped_at = ?,
       next_at = ?, updated_at = ?
     where organization_id = ? and number = ?`,
    [
      name,
      JSON.stringify(timing),
      JSON.stringify(parameters),
      schedule.creatorSlot,
      schedule.creatorEmail,
      schedule.stoppedAt,
      nextAt,
      updatedAt,
      organizationId,
      number,
    ],
  );
}

/** Stops a schedule, if it is active. */
export async function stopSchedule(
  store: Store,
  organizationId: number,
  number: number,
  stoppedAt: string,
): Promise<void> {
  await store.run(
    `update schedules set next_at = null, stopped_at = ?
     where organization_id = ? and number = ? and next_at is not null`,
    [stoppedAt, organizationId, number],
  );
}

export async function deleteSchedule(
  store: Store,
  organizationId: number,
  number: number,
): Promise<void> {
  await store.run('delete from schedules where organization_id = ? and number = ?', [
    organizationId,
    number,
  ]);
}

export async function deleteSchedulesOfReport(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<void> {
  await store.run('delete from schedules where organization_id = ? and report_slot = ?', [
    organizationId,
    reportSlot,
  ]);
}

/** Pauses the schedules of a report; answers the numbers of those that were not. */
export async function pauseSchedulesOfReport(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<number[]> {
  const paused = await store.all<{ number: number }>(
    `update schedules set next_at = null where organization_id = ? and report_slot = ? and next_at is not null
     returning number`,
    [organizationId, reportSlot],
  );
  return paused.map(({ number }) => number);
}

export async function setNextTime(
  store: Store,
  organizationId: number,
  number: number,
  nextAt: string | null,
): Promise<void> {
  await store.run('update schedules set next_at = ? where organization_id = ? and number = ?', [
    nextAt,
    organizationId,
    number,
  ]);
}

export async function findSchedule(
  store: Store,
  organizationId: number,
  column: 'token' | 'number',
  value: string | number,
): Promise<Schedule | undefined> {
  const row = await store.get<RawSchedule>(
    `select ${COLUMNS} from schedules where organization_id = ? and ${column} = ?`,
    [...columnValues(organizationId), organizationId, value],
  );
  return row && toSchedule(row);
}

/** The schedules of a report in the order in which they were made. */
export async function listReportSchedules(
  store: Store,
  organizationId: number,
  reportSlot: number,
): Promise<Schedule[]> {
  const rows = await store.all<RawSchedule>(
    `select ${COLUMNS} from schedules where organization_id = ? and report_slot = ? order by number`,
    [...columnValues(organizationId), organizationId, reportSlot],
  );
  return rows.map(toSchedule);
}

/** The schedules of a member. */
export async function listSchedulesOfMember(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<Schedule[]> {
  const rows = await store.all<RawSchedule>(
    `select ${COLUMNS} from schedules where organization_id = ? and creator_slot = ? order by number`,
    [...columnValues(organizationId), organizationId, memberSlot],
  );
  return rows.map(toSchedule);
}

/** What selects the schedules of reports that are there, not archived, and seen by somebody. */
function visibleTo(organizationId: number, reach: Reach) {
  const visible = reach === 'all' ? '' : 'and (personal = 0 or parent = ?)';
  const from = `from schedules join discovery_rows on discovery_rows.organization_id = schedules.organization_id
      and list = ? and slot = schedules.report_slot and body is not null ${visible}
     where schedules.organization_id = ?`;
  const values = [
    lists.reports.number,
    ...(reach === 'all' ? [] : [reach.ownSpace ?? null]),
    organizationId,
  ];
  return { from, values };
}

/** How many of them were stopped because their owners were removed. */
export async function countStoppedSchedules(
  store: Store,
  organizationId: number,
  reach: Reach,
): Promise<number> {
  const { from, values } = visibleTo(organizationId, reach);
  const row = await store.get<{ count: number }>(
    `select count(*) as count ${from} and stopped_at is not null`,
    values,
  );
  return row?.count ?? 0;
}

/** A part of the schedules of an organization, of reports that are there and not archived, and how many there are in all. */
export async function listSchedules(
  store: Store,
  organizationId: number,
  reach: Reach,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ schedules: Schedule[]; total: number }> {
  const { from, values } = visibleTo(organizationId, reach);
  const rows = await store.all<RawSchedule>(
    `select ${COLUMNS} ${from} order by number limit ? offset ?`,
    [...columnValues(organizationId), ...values, limit, offset],
  );
  const counted = await store.get<{ total: number }>(`select count(*) as total ${from}`, values);
  return { schedules: rows.map(toSchedule), total: counted?.total ?? 0 };
}

/** A schedule that is due: what was to happen at `nextAt`, and has not. */
export type DueSchedule = {
  organizationId: number;
  number: number;
  token: string;
  nextAt: string;
};

/** What is due in any organization but these, longest overdue first. */
export async function listDueSchedules(
  store: Store,
  now: string,
  { leftOut, limit }: { leftOut: readonly number[]; limit: number },
): Promise<DueSchedule[]> {
  const marks = leftOut.map(() => '?').join(', ');
  const others = marks && `and organization_id not in (${marks})`;
  const due = await store.everywhere<DueSchedule>(
    (
      isOneOfThem,
    ) => `select organization_id as "organizationId", number, token, next_at as "nextAt" from schedules
     where next_at <= ? ${others} and ${isOneOfThem('organization_id')} order by next_at limit ${limit}`,
    [now, ...leftOut],
  );
  return due.sort((a, b) => a.nextAt.localeCompare(b.nextAt)).slice(0, limit);
}

/**
 * Says when a schedule is due next, and what became of its time, if it is still due at the time that the caller knows.
 * Answers false where another has done so: only whoever gets true does what was due.
 */
export async function moveSchedule(
  store: Store,
  organizationId: number,
  { number, nextAt }: Pick<DueSchedule, 'number' | 'nextAt'>,
  to: Pick<Schedule, 'nextAt' | 'lastScheduledAt' | 'refusedAt' | 'refusal'>,
): Promise<boolean> {
  const changed = await store.run(
    `update schedules set next_at = ?, last_scheduled_at = ?, refused_at = ?, refusal = ?
     where organization_id = ? and number = ? and next_at = ?`,
    [to.nextAt, to.lastScheduledAt, to.refusedAt, to.refusal, organizationId, number, nextAt],
  );
  return changed === 1;
}

function toSchedule(raw: RawSchedule): Schedule {
  const { timing, parameters, failedQuery, failure, ownerRemoved, ...row } = raw;
  return {
    ...row,
    ownerRemoved: ownerRemoved === 1,
    timing: JSON.parse(timing),
    parameters: JSON.parse(parameters),
    lastFailure: failure === null ? null : { query: failedQuery, message: failure },
  };
}
