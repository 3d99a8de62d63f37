import type { Queries } from '../database/database.ts';
import { type AnyRow, type List, lists } from '../inventory/lists.ts';
import { patched, readRow, toBytes, toRow } from '../inventory/row.ts';
import { deleteRowDetails, saveRowDetails } from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { editable, fieldsOf, queryFields } from './content/content.ts';
import type { ContentChange, Saved } from './report-content.ts';
import type { StoredReport } from './report-rows.ts';

type Parts = {
  queries: Queries;
  writer: RowWriter;
  organizationId: number;
  stored: StoredReport;
  nowMs: number;
  savedAt: string;
};

/** A query or chart of a report with what stands in its row and beside it. */
type Item = { is: Saved; fields: Partial<AnyRow>; detail: string | null };

/** What becomes of the queries, or of the charts. */
type Fates = Record<'added' | 'changed' | 'removed', Item[]>;

/** Gives the queries and charts of a report the rows of another content. */
export async function writeItems(parts: Parts, changes: readonly ContentChange[]): Promise<void> {
  const { creator_email: creatorEmail } = readRow(lists.reports, parts.stored.report);
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
  await writeList(parts, lists.queries, parts.stored.queries, queries);
  await writeList(parts, lists.charts, parts.stored.charts, charts);
}

async function writeList(
  { queries, writer, organizationId, stored: { report }, nowMs, savedAt }: Parts,
  list: typeof lists.queries | typeof lists.charts,
  rows: readonly StoredRow[],
  { added, changed, removed }: Fates,
): Promise<void> {
  const stored = new Map(rows.map((row) => [row.token, row]));
  const rowOf = ({ is }: Item) => stored.get(is.token) as StoredRow;

  const gone = removed.map((item) => rowOf(item).slot);
  await writer.remove(list, gone, nowMs);
  for (const slot of gone) await deleteRowDetails(queries, organizationId, slot);

  await writer.update(
    list,
    changed.map((item) => {
      const row = rowOf(item);
      return { ...row, sourceId: null, body: patched<List>(list, row.body, item.fields) };
    }),
  );

  const { id, token, space_id, space_token } = readRow(lists.reports, report);
  const inReport = { report_id: id, report_token: token, space_id, space_token };
  const place = { parent: report.slot, personal: report.personal, sourceId: null };
  const slots = await writer.insert(
    list,
    added.map(({ is, fields }) => {
      const { id } = is.made;
      const row = toRow(list, { ...fields, ...inReport, id, token: is.token });
      return { ...place, id, token: is.token, body: toBytes(row) };
    }),
  );

  const written: [Item, number][] = [
    ...changed.map((item): [Item, number] => [item, rowOf(item).slot]),
    ...added.map((item, index): [Item, number] => [item, slots[index] as number]),
  ];
  for (const [{ is, detail }, slot] of written) {
    const { at: createdAt, bySlot: creatorSlot } = is.made;
    const details = { createdAt, updatedAt: savedAt, creatorSlot, content: detail };
    await saveRowDetails(queries, organizationId, slot, details);
  }
}
