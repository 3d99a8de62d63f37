import { wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { getSpaceRow, requireReportOwner } from '../spaces/space-access.ts';
import type { ReportFields } from './content/content.ts';
import { findCreator } from './creators.ts';
import { editReport, type ReportEdit, withReport } from './edit-report.ts';
import { auditReport, type ReportEditor } from './report-editor.ts';

/** What is to change of a report; what is not given stays. */
export type ReportChange = Partial<ReportFields> & { spaceToken?: string };

/** A report, who changes it, and what refuses the state in which it is. */
export type OneReport = { editor: ReportEditor; token: string; check: (report: StoredRow) => void };

/** Gives a report another name, description or space. */
export async function changeReport(
  database: Database,
  { spaceToken, ...given }: ReportChange,
  { editor, token, check }: OneReport,
): Promise<StoredRow> {
  return editReport(database, editor, token, async (edit) => {
    check(edit.stored.report);
    if (spaceToken !== undefined) await moveReport(edit, spaceToken);
    await edit.save({ ...edit.content, ...given });
    return edit.stored.report;
  });
}

/** Who puts a report into a personal space takes it from everybody else, as one does who archives it. */
async function moveReport(edit: ReportEdit, spaceToken: string): Promise<void> {
  const { store, access, editor } = edit;
  const { report } = edit.stored;
  const space = await getSpaceRow(store, editor.caller.organization.id, access, spaceToken);
  if (space.slot === report.parent) return;
  if (space.personal) await requireOwner(edit);
  const inSpace = { space_id: space.id, space_token: space.token };
  await edit.changeRows({
    place: { parent: space.slot, personal: space.personal },
    report: { ...inSpace, updated_at: wireTime(editor.clock()) },
    queries: inSpace,
    charts: inSpace,
  });
  await auditReport(store, editor, 'report.moved', readRow(lists.reports, report), {
    space: space.token,
  });
}

/** Takes a report with all that is in it out of the lists, or lets it come back to its place. */
export async function archiveReport(
  database: Database,
  archived: boolean,
  { editor, token, check }: OneReport,
): Promise<StoredRow> {
  return withReport(database, editor, token, async (edit) => {
    await requireOwner(edit);
    const { report } = edit.stored;
    check(report);
    if (report.archived === archived) return report;
    await edit.changeRows({ place: { archived } });
    const action = archived ? 'report.archived' : 'report.unarchived';
    await auditReport(edit.store, editor, action, readRow(lists.reports, report));
    return edit.stored.report;
  });
}

/** @throws ApiError forbidden where the caller is neither an admin nor who made the report. */
export async function requireOwner(edit: ReportEdit): Promise<void> {
  requireReportOwner(edit.access, edit.stored.report, await creatorSlotOf(edit));
}

/** The slot of the member who made a report; null where it is not known, or the member was removed. */
export async function creatorSlotOf({ store, editor, stored }: ReportEdit) {
  const { report, details } = stored;
  const slot = details.get(report.slot)?.creatorSlot ?? null;
  const email = readRow(lists.reports, report).creator_email;
  const creator = await findCreator(store, editor.caller.organization.id, { slot, email });
  return creator?.slot ?? null;
}
