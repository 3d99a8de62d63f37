import { wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { patched, readRow } from '../inventory/row.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import { changeOrganization, type RowWriter } from '../inventory/row-writer.ts';
import { recordEndMeanwhile } from '../runs/record-run.ts';
import { cancelRunsOfReport } from '../runs/run-queue.ts';
import { resumeSchedules } from '../schedules/change-schedules.ts';
import { pauseSchedulesOfReport } from '../schedules/schedule-store.ts';
import { getOrMakeOwnSpace } from '../spaces/own-space.ts';
import { accessOf } from '../spaces/space-access.ts';
import { findSpaceOwners } from '../spaces/space-owner-store.ts';
import { creatorSlotOf, type OneReport, requireOwner } from './change-reports.ts';
import {
  type DeletedReport,
  type DeletedRows,
  findDeletedReport,
  insertDeletedReport,
  takeDeletedReport,
} from './deleted-report-store.ts';
import { type ReportEdit, withReport } from './edit-report.ts';
import { auditReport, type ReportEditor } from './report-editor.ts';

/** For so many days a deleted report can be restored. */
export const KEEP_DELETED_DAYS = 30;

/**
 * Takes a report with all that is in it out of every list, as if it were gone. Its rows are kept aside, and what else there
 * is of it stays where it is, until it is restored or forgotten.
 *
 * @throws ApiError forbidden for whoever may not take it from others.
 */
export async function deleteReport(
  database: Database,
  { editor, token, check }: OneReport,
): Promise<void> {
  await withReport(database, editor, token, async (edit) => {
    await requireOwner(edit);
    const { store, writer, stored, organizationId } = edit;
    const { report, stats, queries: ofReport, charts } = stored;
    check(report);
    const { slot: reportSlot } = report;
    const nowMs = editor.clock();
    const deleted = {
      slot: reportSlot,
      token,
      name: readRow(lists.reports, report).name,
      deletedAt: wireTime(nowMs),
      deletedBySlot: editor.caller.member?.slot ?? null,
      creatorSlot: await restorerSlotOf(edit),
    };
    const rows = [
      { list: lists.reports, row: report },
      ...(stats ? [{ list: lists.report_stats, row: stats }] : []),
      ...ofReport.map((row) => ({ list: lists.queries, row })),
      ...charts.map((row) => ({ list: lists.charts, row })),
    ];
    const schedules = await pauseSchedulesOfReport(store, organizationId, reportSlot);
    await insertDeletedReport(store, organizationId, deleted, { rows, schedules });
    await cancelRunsOfReport(store, organizationId, writer, { reportSlot, nowMs });
    await writer.remove(lists.reports, [reportSlot], nowMs);
    await auditReport(store, editor, 'report.deleted', deleted);
  });
}

/**
 * The slot of the member who may restore a report, besides admins and who deletes it: who made it, or whose personal space
 * it lies in. Who made what lies in the space of somebody else sees nothing of it.
 */
async function restorerSlotOf(edit: ReportEdit): Promise<number | null> {
  const { personal, parent } = edit.stored.report;
  if (!personal || parent === null) return creatorSlotOf(edit);
  const owners = await findSpaceOwners(edit.store, edit.organizationId, [parent]);
  return owners.get(parent) ?? null;
}

/**
 * Lets a deleted report come back as it was, to where it was. Where its space is gone, it comes into the personal space of
 * who restores it.
 *
 * @throws ApiError not_found where there is none that the caller may restore; conflict where an import has brought the
 * report back meanwhile.
 */
export function restoreDeletedReport(
  database: Database,
  editor: ReportEditor,
  token: string,
): Promise<StoredRow> {
  const { organization } = editor.caller;
  return changeOrganization(database, organization.id, async (store, writer) => {
    const deleted = await findRestorable(store, editor, token);
    const kept = await takeDeletedReport(store, organization.id, deleted.slot);
    if (kept === undefined) throw isNotThere();
    const { rows, schedules } = kept;
    await requireGone(store, organization.id, rows);
    const into = await findPlace(store, writer, editor, rows[0]?.row.parent ?? null);
    const placed = rows.map(({ list, row: was }) => {
      const row = { ...was, sourceId: null };
      if (into === undefined) return { list, row };
      const inSpace = { space_id: into.id, space_token: into.token };
      const hasSpace = list !== lists.report_stats;
      return {
        list,
        row: {
          ...row,
          parent: list === lists.reports ? into.slot : row.parent,
          personal: into.personal,
          body: hasSpace ? patched(list, row.body, inSpace) : row.body,
        },
      };
    });
    // Parents stay first.
    for (const [list, inList] of Map.groupBy(placed, (one) => one.list))
      await writer.bringBack(
        list,
        inList.map(({ row }) => row),
      );
    const { row: restored } = placed[0] as (typeof placed)[number];
    await recordEndMeanwhile(store, organization.id, writer, restored);
    await resumeSchedules(store, organization.id, schedules, editor.clock());
    await auditReport(store, editor, 'report.restored', deleted);
    const [shown] = await findRows(store, organization.id, lists.reports, 'slot', [restored.slot]);
    return shown ?? restored;
  });
}

/** The space that a report comes back to; undefined for one that lay in none, as an import may have brought it. */
async function findPlace(
  store: Store,
  writer: RowWriter,
  editor: ReportEditor,
  parent: number | null,
): Promise<StoredRow | undefined> {
  if (parent === null) return undefined;
  const { organization, member } = editor.caller;
  const [space] = await findRows(store, organization.id, lists.spaces, 'slot', [parent]);
  if (space) return space;
  if (!member) throw spaceIsGone();
  return getOrMakeOwnSpace(store, writer, organization, member, editor);
}

/** Whoever deleted a report may restore it, besides an admin and who made it or had it in the own personal space. */
async function findRestorable(
  store: Store,
  { caller }: ReportEditor,
  token: string,
): Promise<DeletedReport> {
  const { isAdmin, memberSlot } = await accessOf(store, caller.organization.id, caller);
  const deleted = await findDeletedReport(store, caller.organization.id, token);
  const isTheirs =
    memberSlot !== null &&
    (deleted?.deletedBySlot === memberSlot || deleted?.creatorSlot === memberSlot);
  if (deleted && (isAdmin || isTheirs)) return deleted;
  throw isNotThere();
}

async function requireGone(store: Store, organizationId: number, rows: DeletedRows): Promise<void> {
  for (const [list, inList] of Map.groupBy(rows, (one) => one.list)) {
    const tokens = inList.map(({ row }) => row.token);
    const ids = inList.map(({ row }) => row.id);
    const byToken = await findRows(store, organizationId, list, 'token', tokens);
    const byId = await findRows(store, organizationId, list, 'id', ids);
    if (byToken.length === 0 && byId.length === 0) continue;
    throw new ApiError(
      'conflict',
      'An import has restored the report, or a part of it.',
      'Delete what was imported first, or use it instead.',
    );
  }
}

const isNotThere = () =>
  new ApiError(
    'not_found',
    'Deleted report not found.',
    `It may have been restored, or deleted more than ${KEEP_DELETED_DAYS} days ago.`,
  );

const spaceIsGone = () =>
  new ApiError(
    'conflict',
    'The space of the report was deleted, and this credential belongs to no member whose personal space could be used instead.',
    'Restore it with a member’s credential.',
  );
