import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { storeRefusal } from '../http/store-refusal.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { changeOwner } from './change-owner.ts';
import { archiveReport, changeReport } from './change-reports.ts';
import { deleteReport, restoreDeletedReport } from './delete-report.ts';
import type { ReportEditor } from './report-editor.ts';

/** One change of one report, in the wire's words. */
export type BulkChange = { report: string } & (
  | { archived: boolean }
  | { deleted: boolean }
  | { space_token: string }
  | { owner_email: string | null }
);

/** What became of a change; `undo` is the change that takes it back, if there is one. */
export type BulkResult = { report: string } & (
  | { state: 'changed'; undo: BulkChange | undefined }
  | { state: 'unchanged' }
  | { state: 'refused'; refusal: ApiError }
);

/**
 * Makes changes one after the other, each as if it had been asked for by itself: one that is refused keeps none of the
 * others from being made. Where the store does not let us go on, the rest is refused, so that what was made is told.
 *
 * @throws StoreBusyError and StoreUnavailableError where nothing was changed before.
 */
export async function changeInBulk(
  database: Database,
  editor: ReportEditor,
  changes: readonly BulkChange[],
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  let stopped: ApiError | undefined;
  for (const change of changes) {
    const { report } = change;
    try {
      if (stopped) throw stopped;
      results.push({ report, ...(await changeOne(database, editor, change)) });
    } catch (error) {
      if (results.some(({ state }) => state === 'changed')) stopped ??= storeRefusal(error);
      const refusal = stopped ?? error;
      if (!(refusal instanceof ApiError)) throw refusal;
      results.push({ report, state: 'refused', refusal });
    }
  }
  return results;
}

async function changeOne(
  database: Database,
  editor: ReportEditor,
  change: BulkChange,
): Promise<{ state: 'changed'; undo: BulkChange | undefined } | { state: 'unchanged' }> {
  const { report } = change;
  if ('owner_email' in change) {
    const was = await changeOwner(database, editor, report, change.owner_email);
    if (was === change.owner_email) return { state: 'unchanged' };
    return { state: 'changed', undo: { report, owner_email: was } };
  }
  const one = { editor, token: report, check: () => undefined };
  if ('deleted' in change) {
    if (change.deleted) await deleteReport(database, one);
    else await restoreDeletedReport(database, editor, report);
    return { state: 'changed', undo: { report, deleted: !change.deleted } };
  }
  const { organization } = editor.caller;
  const access = await accessOf(database, organization.id, editor.caller);
  const before = await getReportRow(database, organization.id, access, report);
  if ('archived' in change) {
    await archiveReport(database, change.archived, one);
    if (before.archived === change.archived) return { state: 'unchanged' };
    return { state: 'changed', undo: { report, archived: before.archived } };
  }
  await changeReport(database, { spaceToken: change.space_token }, one);
  const { space_token: was } = readRow(lists.reports, before);
  if (was === change.space_token) return { state: 'unchanged' };
  // An import may not say where a report lies, and there is no way back to nowhere.
  return { state: 'changed', undo: was === null ? undefined : { report, space_token: was } };
}
