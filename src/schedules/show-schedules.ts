import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRows } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { type ReportSchedule, toReportSchedule } from './schedule-schema.ts';
import type { Schedule } from './schedule-store.ts';

export type ShownSchedule = ReportSchedule;

/** Schedules as the REST API shows them, with their reports, whose they are, and how they fared. */
export async function showSchedules(
  store: Store,
  organization: Organization,
  schedules: readonly Schedule[],
): Promise<ShownSchedule[]> {
  const { id } = organization;
  const reportSlots = [...new Set(schedules.map(({ reportSlot }) => reportSlot))];
  const creatorSlots = [...new Set(schedules.map(({ creatorSlot }) => creatorSlot))];
  const reports = await findRows(store, id, lists.reports, 'slot', reportSlots);
  const members = await findRows(store, id, lists.members, 'slot', creatorSlots);
  const reportAt = new Map(reports.map((stored) => [stored.slot, readRow(lists.reports, stored)]));
  const tokens = new Map<number | null, string>(
    members.filter(({ archived }) => !archived).map(({ slot, token }) => [slot, token]),
  );
  return schedules.flatMap((schedule) => {
    const report = reportAt.get(schedule.reportSlot);
    if (report === undefined) return [];
    const creator = tokens.get(schedule.creatorSlot);
    return [toReportSchedule(organization, schedule, { report, creator })];
  });
}

export async function showSchedule(
  store: Store,
  organization: Organization,
  schedule: Schedule,
): Promise<ShownSchedule> {
  const [shown] = await showSchedules(store, organization, [schedule]);
  if (shown === undefined) throw new Error('The report of a schedule was deleted.');
  return shown;
}
