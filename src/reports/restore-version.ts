import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { OneReport } from './change-reports.ts';
import { editReport } from './edit-report.ts';
import type { ReportContent } from './report-content.ts';
import { findVersion, type ReportVersion } from './version-store.ts';

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
