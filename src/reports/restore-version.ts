import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { OneReport } from './change-reports.ts';
import { editReport } from './edit-report.ts';
import type { ReportContent } from './report-content.ts';
import { auditReport, type ReportEditor } from './report-editor.ts';
import { findVersion, type ReportVersion, renameVersion } from './version-store.ts';

/** @throws ApiError not_found where the report has no version of this number. */
export async function getVersion(
  store: Store,
  organizationId: number,
  { slot }: StoredRow,
  number: string,
): Promise<ReportVersion & { content: ReportContent }> {
  const found = /^[1-9][0-9]{0,8}$/.test(number)
    ? await findVersion(store, organizationId, slot, Number(number))
    : undefined;
  if (found) return found;
  throw new ApiError(
    'not_found',
    'Version not found.',
    'Versions are numbered from 1. List the versions.',
  );
}

/**
 * Gives a version a name, or takes it away. That is no edit, and everybody may who may edit the report.
 *
 * @throws ApiError not_found
 */
export async function nameVersion(
  database: Database,
  editor: ReportEditor,
  { token, number, name }: { token: string; number: string; name: string | null },
): Promise<ReportVersion & { content: ReportContent }> {
  return editReport(database, editor, token, async ({ store, stored: { report } }) => {
    const { id } = editor.caller.organization;
    const version = await getVersion(store, id, report, number);
    if (version.name === name) return version;
    await renameVersion(store, id, { reportSlot: report.slot, number: version.number }, name);
    const { name: reportName } = readRow(lists.reports, report);
    const detail = { version: version.number, from: version.name, to: name };
    await auditReport(store, editor, 'report.version_named', { token, name: reportName }, detail);
    return { ...version, name };
  });
}

/**
 * Makes a report what it was in a version, which is an edit like others. What was deleted since comes back under its
 * token; a query where it stood, a chart at the end of its list.
 */
export async function restoreVersion(
  database: Database,
  number: string,
  { editor, token, check }: OneReport,
): Promise<StoredRow> {
  return editReport(database, editor, token, async (edit) => {
    const { report } = edit.stored;
    check(report);
    const { id } = editor.caller.organization;
    const version = await getVersion(edit.store, id, report, number);
    await edit.save(version.content, `Restored version ${version.number}`);
    return edit.stored.report;
  });
}
