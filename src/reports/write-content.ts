import { wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import { type AnyRow, type List, lists } from '../inventory/lists.ts';
import { inOrder, saveOrder } from '../inventory/query-order.ts';
import { patched, readRow, toBytes, toRow } from '../inventory/row.ts';
import {
  deleteRowDetails,
  type RowDetails,
  saveRowDetails,
} from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { editable, fieldsOf, queryFields } from './content/content.ts';
import type { ContentChange, ReportContent, Saved } from './report-content.ts';
import type { StoredReport } from './report-rows.ts';

/** A report that is being edited; `nowMs` is the moment of the edit. */
type Parts = {
  store: Store;
  writer: RowWriter;
  nowMs: number;
  organizationId: number;
  stored: StoredReport;
};

/** A query or chart of a report with what stands in its row and beside it. */
type Item = { is: Saved; fields: Partial<AnyRow>; detail: string | null };

/** What becomes of the queries, or of the charts. */
type Fates = Record<'added' | 'changed' | 'removed', Item[]>;

/** Gives the queries and charts of a report the rows of another content; answers the report as it is then. */
export async function writeItems(
  edit: Parts,
  changes: readonly ContentChange[],
  after: ReportContent,
): Promise<StoredReport> {
  const { stored } = edit;
  const { creator_email: creatorEmail } = readRow(lists.reports, stored.report);
  const queries: Fates = { added: [], changed: [], removed: [] };
  const charts: Fates = { added: [], changed: [], removed: [] };
  for (const change of changes) {
    if (change.what === 'query') {
      const { is } = change;
      const fields = { ...fieldsOf(queryFields, is), creator_email: is.made.byEmail };
      queries[change.how].push({ is, fields, detail: null });
    } else if (change.what === 'chart') {
      const { is, query } = change;
      const fields = {
        ...fieldsOf(editable.charts, is),
        query_id: query.made.id,
        query_token: query.token,
        report_creator_email: creatorEmail,
      };
      const detail = is.spec === null ? null : JSON.stringify(is.spec);
      charts[change.how].push({ is, fields, detail });
    }
  }
  const details = new Map(stored.details);
  const queryRows = await writeList(edit, details, lists.queries, stored.queries, queries);
  const chartRows = await writeList(edit, details, lists.charts, stored.charts, charts);
  const ordered = await writeOrder(edit, details, queryRows, after);
  return { ...stored, queries: ordered, charts: chartRows, details };
}

/** Answers the rows in the order of their slots. */
async function writeList(
  { store, writer, organizationId, nowMs, stored: { report } }: Parts,
  details: Map<number, RowDetails>,
  list: typeof lists.queries | typeof lists.charts,
  rows: readonly StoredRow[],
  { added, changed, removed }: Fates,
): Promise<StoredRow[]> {
  const stored = new Map(rows.map((row) => [row.token, row]));
  const rowOf = ({ is }: Item) => stored.get(is.token) as StoredRow;

  const gone = removed.map((item) => rowOf(item).slot);
  await writer.remove(list, gone, nowMs);
  for (const slot of gone) await deleteRowDetails(store, organizationId, slot);

  const updated = changed.map((item) => {
    const row = rowOf(item);
    return { ...row, sourceId: null, body: patched<List>(list, row.body, item.fields) };
  });
  await writer.update(list, updated);

  const { id, token, space_id, space_token } = readRow(lists.reports, report);
  const inReport = { report_id: id, report_token: token, space_id, space_token };
  const place = { parent: report.slot, personal: report.personal, sourceId: null };
  const fresh = added.map(({ is, fields }) => {
    const { id } = is.made;
    const row = toRow(list, { ...fields, ...inReport, id, token: is.token });
    return { ...place, id, token: is.token, body: toBytes(row) };
  });
  const slots = await writer.insert(list, fresh);
  const inserted = fresh.map((row, index) => ({
    ...row,
    slot: slots[index] as number,
    archived: false,
  }));

  const written = [...updated, ...inserted];
  for (const [index, { is, detail }] of [...changed, ...added].entries()) {
    const { slot } = written[index] as StoredRow;
    const { at: createdAt, bySlot: creatorSlot } = is.made;
    const known = { createdAt, updatedAt: wireTime(nowMs), creatorSlot, content: detail };
    await saveRowDetails(store, organizationId, slot, known);
    details.set(slot, known);
  }
  const bySlot = new Map([...rows, ...written].map((row) => [row.slot, row]));
  for (const slot of gone) bySlot.delete(slot);
  return [...bySlot.values()].toSorted((a, b) => a.slot - b.slot);
}

/** Answers the queries in the order in which they are to stand; where they would not by themselves, it is kept. */
async function writeOrder(
  { store, organizationId, stored: { report } }: Parts,
  details: Map<number, RowDetails>,
  rows: readonly StoredRow[],
  after: ReportContent,
): Promise<StoredRow[]> {
  const known = details.get(report.slot);
  const tokens = after.queries.map(({ token }) => token);
  const ordered = inOrder(rows, known);
  if (ordered.every(({ token }, place) => token === tokens[place])) return ordered;
  const saved = await saveOrder(store, organizationId, report, { known, tokens });
  details.set(report.slot, saved);
  return inOrder(rows, saved);
}
