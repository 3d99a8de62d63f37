import { setImmediate as nextTurn } from 'node:timers/promises';
import { wireTime } from '../clock.ts';
import type { Database, Queries } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { saveOrder } from '../inventory/query-order.ts';
import { readRow } from '../inventory/row.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import { changeRows, type RowWriter } from '../inventory/row-writer.ts';
import { type Access, accessOf, getReportRow } from '../spaces/space-access.ts';
import { changesBetween } from './content/changes.ts';
import { fieldsOf, reportFields } from './content/content.ts';
import { type ReportContent, summaryOf } from './report-content.ts';
import { auditReport, emailOf, noteWithMember, type ReportEditor } from './report-editor.ts';
import { requireRoom } from './report-limits.ts';
import {
  changeReportRows,
  contentOf,
  insertStats,
  loadReport,
  type StoredReport,
} from './report-rows.ts';
import { countVersions, insertVersion } from './version-store.ts';
import { writeItems } from './write-content.ts';

/** A report that is being changed, and that nobody else changes meanwhile. */
export type ReportEdit = {
  queries: Queries;
  writer: RowWriter;
  access: Access;
  editor: ReportEditor;
  /** As it was when the edit began. */
  stored: StoredReport;
};

/**
 * Changes a report that the caller may see, in one transaction. Whatever a person edits of it passes through here and
 * `saveContent`, so that each edit leaves its version and its marks.
 *
 * @throws ApiError not_found; conflict where the report is archived.
 */
export async function editReport<Result>(
  database: Database,
  editor: ReportEditor,
  token: string,
  work: (edit: ReportEdit) => Promise<Result>,
): Promise<Result> {
  return withReport(database, editor, token, async (edit) => {
    if (edit.stored.report.archived) {
      throw new ApiError(
        'conflict',
        'The report is archived, and is not changed as long as it is.',
        'Take it out of the archive first, with PATCH and /unarchive at the end of its path.',
      );
    }
    return work(edit);
  });
}

/** The same for what may be done with archived reports too. */
export async function withReport<Result>(
  database: Database,
  editor: ReportEditor,
  token: string,
  work: (edit: ReportEdit) => Promise<Result>,
): Promise<Result> {
  const { id } = editor.caller.organization;
  return database.transaction((queries) =>
    changeRows(queries, id, async (writer) => {
      const access = await accessOf(queries, id, editor.caller);
      const report = await getReportRow(queries, id, access, token);
      return work({
        queries,
        writer,
        access,
        editor,
        stored: await loadReport(queries, id, report),
      });
    }),
  );
}

/** The same edit, with the report as it is stored by now. */
export async function refreshed(edit: ReportEdit): Promise<ReportEdit> {
  const { queries, editor, stored } = edit;
  const { id } = editor.caller.organization;
  const [report] = await findRows(queries, id, lists.reports, 'slot', [stored.report.slot]);
  return { ...edit, stored: await loadReport(queries, id, report as StoredRow) };
}

/**
 * Gives a report this content. Where that changes anything it is an edit: the report, its stats and the member who
 * edits say so, and a version is kept. Of a report that was never edited here, the state in which it was found is kept
 * as a version too.
 *
 * @param reason what the version says of itself, where that is not what differs.
 * @throws ApiError bad_request where the report would become too large.
 */
export async function saveContent(
  edit: ReportEdit,
  after: ReportContent,
  reason?: string,
): Promise<ReportEdit> {
  const { queries, writer, editor, stored } = edit;
  const { id: organizationId } = editor.caller.organization;
  const before = contentOf(stored);
  const changes = changesBetween(before, after);
  if (changes.length === 0) return edit;
  const text = JSON.stringify(after);
  requireRoom(before, after, text);
  await nextTurn();

  const { slot, token } = stored.report;
  const nowMs = editor.clock();
  const savedAt = wireTime(nowMs);
  const editorEmail = await emailOf(queries, editor.caller);
  let number = await countVersions(queries, organizationId, slot);
  if (number === 0) {
    const found = { savedAt: lastTouchedAt(stored) ?? savedAt, summary: 'As it was found' };
    const version = { number: ++number, editorEmail: null, ...found };
    await insertVersion(queries, organizationId, slot, version, JSON.stringify(before));
  }

  await writeItems({ queries, writer, organizationId, stored, nowMs, savedAt }, changes);
  const written = await refreshed(edit);
  await writeOrder(written, after);
  await markEdited(written, after, savedAt, editorEmail);
  await noteWithMember(queries, writer, editor, 'last_report_edited_at');

  const summary = reason ?? summaryOf(changes);
  const version = { number: ++number, savedAt, editorEmail, summary };
  await insertVersion(queries, organizationId, slot, version, text);
  const subject = { token, name: after.name };
  await auditReport(queries, editor, 'report.edited', subject, { version: number, summary });
  return refreshed(edit);
}

/** Where the queries would stand in another order than they are to, theirs is kept. */
async function writeOrder(
  { queries, editor, stored: { report, queries: rows, details } }: ReportEdit,
  after: ReportContent,
): Promise<void> {
  const tokens = after.queries.map(({ token }) => token);
  if (rows.every(({ token }, place) => token === tokens[place])) return;
  const { id } = editor.caller.organization;
  await saveOrder(queries, id, report, { known: details.get(report.slot), tokens });
}

/** Since when a report that was never edited here has been as it is, as far as that is known. */
function lastTouchedAt({ report }: StoredReport): string | null {
  const row = readRow(lists.reports, report);
  return row.edited_at ?? row.updated_at ?? row.created_at;
}

async function markEdited(
  { writer, stored }: ReportEdit,
  after: ReportContent,
  savedAt: string,
  editorEmail: string | null,
): Promise<void> {
  const before = stored.stats ? readRow(lists.report_stats, stored.stats).editors_emails : [];
  const isNew = editorEmail !== null && !before.includes(editorEmail);
  const editors = { editors_emails: isNew ? [...before, editorEmail] : before };
  await changeReportRows(writer, stored, {
    report: { ...fieldsOf(reportFields, after), edited_at: savedAt, updated_at: savedAt },
    stats: editors,
  });
  if (stored.stats === undefined) await insertStats(writer, stored.report, editors);
}
