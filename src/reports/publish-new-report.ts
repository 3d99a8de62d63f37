import type { Database, Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { findRowByToken, type StoredRow } from '../inventory/row-store.ts';
import { changeOrganization } from '../inventory/row-writer.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { fieldsGiven, reportFields } from './content/content.ts';
import type { ContentInput } from './content-schema.ts';
import { insertReport } from './create-report.ts';
import { findDeletedReport } from './deleted-report-store.ts';
import { ReportEdit } from './edit-report.ts';
import { toReportContent } from './publish-content.ts';
import { drafterSlot, type ReportEditor } from './report-editor.ts';
import { loadReport } from './report-rows.ts';
import {
  deleteUnpublishedReport,
  findUnpublishedReport,
  type UnpublishedReport,
} from './unpublished-report-store.ts';

/**
 * Makes the report that was not published until now, with its whole content, in one transaction. It has the same token,
 * unless an import has brought another report of that token. Publishing it again returns the report and makes no other.
 *
 * @param spaceToken where it is to lie: null for the caller's personal space, undefined for what was saved with it.
 * @throws ApiError not_found where there is none, or its space is not there any more: it stays unpublished then.
 */
export function publishNewReport(
  database: Database,
  editor: ReportEditor,
  {
    token,
    spaceToken,
    check,
  }: {
    token: string;
    spaceToken: string | null | undefined;
    check: (draft: UnpublishedReport) => void;
  },
): Promise<StoredRow> {
  const { id } = editor.caller.organization;
  const whose = { memberSlot: drafterSlot(editor.caller), token };
  return changeOrganization(database, id, async (store, writer) => {
    const access = await accessOf(store, id, editor.caller);
    const draft = await findUnpublishedReport(store, id, whose);
    if (draft === undefined) return getReportRow(store, id, access, token);
    check(draft);
    const content: ContentInput = JSON.parse(draft.content);
    const into = spaceToken === undefined ? draft.spaceToken : spaceToken;
    const made = await insertReport(
      store,
      writer,
      {
        ...fieldsGiven(reportFields, content),
        ...(into !== null && { spaceToken: into }),
        ...(!(await isTaken(store, id, token)) && { token }),
      },
      editor,
    );
    const edit = new ReportEdit(
      { store, writer, access, editor },
      await loadReport(store, id, made),
    );
    await edit.save(await toReportContent(edit, content));
    await deleteUnpublishedReport(store, id, whose);
    return edit.stored.report;
  });
}

async function isTaken(store: Store, organizationId: number, token: string): Promise<boolean> {
  const row = await findRowByToken(store, organizationId, lists.reports, token);
  return row !== undefined || (await findDeletedReport(store, organizationId, token)) !== undefined;
}
