import type { Caller } from '../callers/authenticate.ts';
import { type Clock, wireTime, wireTimeInSeconds } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { type List, lists, type RowOf } from '../inventory/lists.ts';
import { patched, readRow } from '../inventory/row.ts';
import { findRows } from '../inventory/row-store.ts';
import { changeOrganization, type RowWriter } from '../inventory/row-writer.ts';
import { engagedNow } from '../members/engaged-days.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { findLastView, saveView } from './view-store.ts';

/** A visit lasts until its member has not opened the report for so long. */
const VISIT_MS = 30 * 60 * 1000;

/**
 * Somebody opened a report. Each visit counts once, and shows in the Discovery lists: in the report's row, in how it is
 * used, and with the member. It is no edit: what was imported stays the import's.
 *
 * @throws ApiError not_found
 */
export async function viewReport(
  database: Database,
  caller: Caller,
  token: string,
  clock: Clock,
): Promise<void> {
  const { organization, member } = caller;
  const nowMs = clock();
  await changeOrganization(database, organization.id, async (store, writer) => {
    const access = await accessOf(store, organization.id, caller);
    const { slot: reportSlot } = await getReportRow(store, organization.id, access, token);
    if (!member) return;
    const who = { reportSlot, memberSlot: member.slot };
    const last = await findLastView(store, organization.id, who);
    const isNewVisit = last === undefined || Date.parse(last) + VISIT_MS <= nowMs;
    const visits = isNewVisit ? 1 : 0;
    await saveView(store, organization.id, { ...who, at: wireTime(nowMs), visits });
    if (isNewVisit) await countVisit(store, organization.id, writer, { ...who, caller, nowMs });
  });
}

async function countVisit(
  store: Store,
  organizationId: number,
  writer: RowWriter,
  {
    reportSlot,
    memberSlot,
    caller,
    nowMs,
  }: { reportSlot: number; memberSlot: number; caller: Caller; nowMs: number },
): Promise<void> {
  const patch = async <Of extends List>(
    list: Of,
    column: 'slot' | 'parent',
    value: number,
    change: (row: RowOf<Of>) => Partial<RowOf<Of>>,
  ) => {
    const rows = await findRows(store, organizationId, list, column, [value]);
    await writer.update(
      list,
      rows.map((stored) => {
        const changes = change(readRow(list, stored));
        return { ...stored, body: patched(list, stored.body, changes) };
      }),
    );
  };
  await patch(lists.reports, 'slot', reportSlot, () => ({ last_viewed_at: wireTime(nowMs) }));
  await patch(lists.report_stats, 'parent', reportSlot, (row) => {
    const count = (row.view_count ?? 0) + 1;
    return { view_count: count, total_views_count: count };
  });
  await patch(lists.members, 'slot', memberSlot, (row) => ({
    last_report_viewed_at: wireTimeInSeconds(nowMs),
    ...engagedNow(caller, nowMs),
    ...(isSameDay(row.last_report_viewed_at, nowMs)
      ? {}
      : { total_days_engaged: (row.total_days_engaged ?? 0) + 1 }),
  }));
}

function isSameDay(time: string | null, nowMs: number): boolean {
  return time?.slice(0, 10) === wireTime(nowMs).slice(0, 10);
}
