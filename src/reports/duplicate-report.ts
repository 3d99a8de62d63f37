import type { Database } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { changeOrganization } from '../inventory/row-writer.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { MAX_LENGTH, shortened } from '../text.ts';
import { insertReport, type NewReport } from './create-report.ts';
import { ReportEdit } from './edit-report.ts';
import { newItem } from './new-item.ts';
import type { QueryContent } from './report-content.ts';
import type { ReportEditor } from './report-editor.ts';
import { contentOf, loadReport } from './report-rows.ts';

/**
 * Makes another report with the same content, which belongs to the caller. Runs, schedules and versions stay with the first
 * one.
 *
 * @param given what is to be otherwise: by default it is called "Copy of …" and lies in the caller's personal space.
 * @throws ApiError not_found where the caller does not see the report, or the space.
 */
export function duplicateReport(
  database: Database,
  editor: ReportEditor,
  token: string,
  given: NewReport,
): Promise<StoredRow> {
  const { id } = editor.caller.organization;
  return changeOrganization(database, id, async (store, writer) => {
    const access = await accessOf(store, id, editor.caller);
    const row = await getReportRow(store, id, access, token);
    const original = contentOf(await loadReport(store, id, row));
    const name = shortened(
      `Copy of ${original.name ?? 'a report without a name'}`,
      MAX_LENGTH.name,
    );
    const made = await insertReport(store, writer, { name, ...given }, editor);
    const stored = await loadReport(store, id, made);
    const edit = new ReportEdit({ store, writer, access, editor }, stored);
    const copies: QueryContent[] = [];
    for (const { charts, ...query } of original.queries) {
      const copy = { ...query, ...(await newItem(edit)), charts: [] as QueryContent['charts'] };
      for (const chart of charts) copy.charts.push({ ...chart, ...(await newItem(edit)) });
      copies.push(copy);
    }
    const { name: _, ...fields } = original;
    const content = { ...edit.content, ...fields, name: edit.content.name, queries: copies };
    await edit.save(content, `Copied ${readRow(lists.reports, row).name ?? row.token}`);
    return edit.stored.report;
  });
}
