import { type Actor, type AuditAction, recordAudit } from '../audit/audit-log-store.ts';
import type { Caller } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { changedFields } from '../http/changed-fields.ts';
import type { Identifiers } from '../identifiers.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { changeOrganization } from '../inventory/row-writer.ts';
import { findListedMembers } from '../members/listed-members.ts';
import { accessOf, getReportRow, notFound } from '../spaces/space-access.ts';
import { requireParameters } from './check-parameters.ts';
import { nextTime } from './next-time.ts';
import { readTiming } from './read-timing.ts';
import type { NewReportSchedule, ReportScheduleChange } from './schedule-schema.ts';
import {
  deleteSchedule as deleteStored,
  findSchedule,
  insertSchedule,
  listReportSchedules,
  type Schedule,
  setNextTime,
  updateSchedule,
} from './schedule-store.ts';
import { showSchedulesInStats } from './schedules-in-stats.ts';
import { type ShownSchedule, showSchedule } from './show-schedules.ts';
import type { Timing } from './timing.ts';

/** Of one report. */
const MOST_SCHEDULES = 100;

/** Who changes schedules, of which report, and what it takes besides. */
export type ScheduleChanger = {
  caller: Caller;
  actor: Actor;
  clock: Clock;
  identifiers: Identifiers;
  templates: Templates;
  /** Token of the report. */
  report: string;
};

/** One schedule and who changes it, unless `check` refuses the state in which it is shown now. */
type OneSchedule = ScheduleChanger & { token: string; check: (shown: object) => void };

type NewSchedule = NewReportSchedule['report_schedule'];
type ScheduleChange = ReportScheduleChange['report_schedule'];

/** Whoever may see a report may let it run by itself. */
export async function createSchedule(
  database: Database,
  given: NewSchedule,
  changer: ScheduleChanger,
): Promise<ShownSchedule> {
  const { organization, member } = changer.caller;
  const timing = readTiming(given.cron);
  const parameters = given.params ?? {};
  await requireParametersOf(database, changer, parameters);
  return changeOrganization(database, organization.id, async (store, writer) => {
    const report = await getReport(store, changer);
    await requireFewSchedules(store, organization.id, report);
    const slots = member ? [member.slot] : [];
    const [creator] = await findListedMembers(store, organization.id, slots);
    const now = wireTime(changer.clock());
    const schedule: Schedule = {
      number: writer.nextOwnId(),
      token: changer.identifiers.token(),
      reportSlot: report.slot,
      name: given.name ?? null,
      timing,
      parameters,
      creatorSlot: creator?.slot ?? null,
      creatorEmail: creator?.email ?? null,
      ownerRemoved: false,
      stoppedAt: null,
      nextAt: given.paused ? null : nextAfter(timing, changer.clock()),
      lastScheduledAt: null,
      refusedAt: null,
      refusal: null,
      lastRunAt: null,
      lastSucceededAt: null,
      lastFailure: null,
      createdAt: now,
      updatedAt: now,
    };
    await insertSchedule(store, organization.id, schedule);
    await showSchedulesInStats(store, organization.id, writer, report.slot);
    await audit(store, changer, 'schedule.created', schedule);
    return showSchedule(store, organization, schedule);
  });
}

/** Changes what is given. One that is to run at other times, or again, begins anew: nothing is made up for. */
export async function changeSchedule(
  database: Database,
  given: ScheduleChange,
  one: OneSchedule,
): Promise<ShownSchedule> {
  const { organization } = one.caller;
  if (given.params) {
    await getSchedule(database, one);
    await requireParametersOf(database, one, given.params);
  }
  return changeOrganization(database, organization.id, async (store, writer) => {
    const { report, schedule, shown } = await getSchedule(store, one);
    const change = changedFields(given, { ...shown, params: shown.parameters });
    if (Object.keys(change).length === 0) return shown;
    if (change.paused === false) requireOwner(schedule);
    const timing = changedTiming(change.cron, schedule.timing);
    const isPaused = given.paused ?? schedule.nextAt === null;
    const isSame = timing === undefined && schedule.nextAt !== null;
    const changed: Schedule = {
      ...schedule,
      name: given.name === undefined ? schedule.name : given.name,
      timing: timing ?? schedule.timing,
      parameters: given.params ?? schedule.parameters,
      stoppedAt: isPaused ? schedule.stoppedAt : null,
      nextAt: isPaused
        ? null
        : isSame
          ? schedule.nextAt
          : nextAfter(timing ?? schedule.timing, one.clock()),
      updatedAt: wireTime(one.clock()),
    };
    await updateSchedule(store, organization.id, changed);
    await showSchedulesInStats(store, organization.id, writer, report.slot);
    await audit(store, one, 'schedule.changed', changed, change);
    return showSchedule(store, organization, changed);
  });
}

/**
 * Makes a schedule whose owner was removed the caller's. One that was stopped runs again; one that was paused stays so.
 *
 * @throws ApiError conflict where the owner is a member, and the schedule was not stopped.
 */
export async function takeOverSchedule(
  database: Database,
  one: OneSchedule,
): Promise<ShownSchedule> {
  const { organization, member } = one.caller;
  return changeOrganization(database, organization.id, async (store, writer) => {
    const { report, schedule } = await getSchedule(store, one);
    const { ownerRemoved, stoppedAt, creatorEmail, timing } = schedule;
    const slots = member ? [member.slot] : [];
    const [owner] = await findListedMembers(store, organization.id, slots);
    if (owner === undefined) {
      throw new ApiError(
        'bad_request',
        'This API token does not belong to a member.',
        'Use a member’s credential.',
      );
    }
    if (!ownerRemoved && stoppedAt === null) {
      throw new ApiError(
        'conflict',
        `The schedule belongs to ${creatorEmail ?? 'the organization'}; only a schedule whose owner was removed can be taken over.`,
        'Create a schedule of your own.',
      );
    }
    const changed: Schedule = {
      ...schedule,
      creatorSlot: owner.slot,
      creatorEmail: owner.email,
      ownerRemoved: false,
      stoppedAt: null,
      nextAt: stoppedAt === null ? schedule.nextAt : nextAfter(timing, one.clock()),
      updatedAt: wireTime(one.clock()),
    };
    await updateSchedule(store, organization.id, changed);
    await showSchedulesInStats(store, organization.id, writer, report.slot);
    await audit(store, one, 'schedule.taken_over', changed, { from: creatorEmail });
    return showSchedule(store, organization, changed);
  });
}

function requireOwner({ ownerRemoved, creatorEmail }: Schedule): void {
  if (!ownerRemoved) return;
  throw new ApiError(
    'conflict',
    `The owner of the schedule, ${creatorEmail ?? 'a member'}, was removed.`,
    'Take the schedule over: POST .../take_over.',
  );
}

export async function deleteSchedule(database: Database, one: OneSchedule): Promise<void> {
  const { organization } = one.caller;
  await changeOrganization(database, organization.id, async (store, writer) => {
    const { report, schedule } = await getSchedule(store, one);
    await deleteStored(store, organization.id, schedule.number);
    await showSchedulesInStats(store, organization.id, writer, report.slot);
    await audit(store, one, 'schedule.deleted', schedule);
  });
}

/** @throws ApiError bad_request */
function changedTiming(cron: ScheduleChange['cron'], { timeZone }: Timing): Timing | undefined {
  if (typeof cron === 'string') return readTiming({ cron, time_zone: timeZone });
  return cron ? readTiming(cron) : undefined;
}

function nextAfter(timing: Timing, nowMs: number): string | null {
  const next = nextTime(timing, nowMs);
  return next === undefined ? null : wireTime(next);
}

async function requireFewSchedules(
  store: Store,
  organizationId: number,
  report: StoredRow,
): Promise<void> {
  const { length } = await listReportSchedules(store, organizationId, report.slot);
  if (length < MOST_SCHEDULES) return;
  throw new ApiError(
    'conflict',
    `The report has ${length} schedules; the limit is ${MOST_SCHEDULES}.`,
    'Delete one that is no longer needed.',
  );
}

async function requireParametersOf(
  database: Database,
  changer: ScheduleChanger,
  given: Record<string, unknown>,
): Promise<void> {
  const report = await getReport(database, changer);
  await requireParameters(
    database,
    changer.caller.organization.id,
    report,
    given,
    changer.templates,
  );
}

async function getReport(
  store: Store,
  { caller, report }: Pick<ScheduleChanger, 'caller' | 'report'>,
): Promise<StoredRow> {
  const { organization } = caller;
  const access = await accessOf(store, organization.id, caller);
  return getReportRow(store, organization.id, access, report);
}

async function getSchedule(
  store: Store,
  one: OneSchedule,
): Promise<{ report: StoredRow; schedule: Schedule; shown: ShownSchedule }> {
  const { organization } = one.caller;
  const report = await getReport(store, one);
  const schedule = await findSchedule(store, organization.id, 'token', one.token);
  if (schedule?.reportSlot !== report.slot) throw notFound('schedule');
  const shown = await showSchedule(store, organization, schedule);
  one.check(shown);
  return { report, schedule, shown };
}

async function audit(
  store: Store,
  { caller, actor, clock, report }: ScheduleChanger,
  action: AuditAction,
  { token, name }: Schedule,
  { params, ...change }: ScheduleChange & { from?: string | null } = {},
): Promise<void> {
  await recordAudit(store, caller.organization.id, {
    at: wireTime(clock()),
    actor,
    action,
    subject: { kind: 'schedule', token, name },
    detail: { report, ...change, ...(params && { params: Object.keys(params) }) },
  });
}

/** Lets schedules that were paused by their numbers go on. */
export async function resumeSchedules(
  store: Store,
  organizationId: number,
  numbers: readonly number[],
  nowMs: number,
): Promise<void> {
  for (const number of numbers) {
    const schedule = await findSchedule(store, organizationId, 'number', number);
    const next = schedule && nextTime(schedule.timing, nowMs);
    if (next !== undefined) await setNextTime(store, organizationId, number, wireTime(next));
  }
}
