import type { Queries } from '../database/database.ts';
import { type AnyRow, lists } from '../inventory/lists.ts';
import { patched, readRow, toBytes, toRow } from '../inventory/row.ts';
import { deleteRowDetails, saveRowDetails } from '../inventory/row-detail-store.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import type {
  ChartContent,
  ContentDifference,
  Difference,
  QueryContent,
  ReportContent,
} from './report-content.ts';
import type { StoredReport } from './report-rows.ts';

type Parts = {
  queries: Queries;
  writer: RowWriter;
  organizationId: number;
  stored: StoredReport;
  nowMs: number;
  savedAt: string;
};

/** The queries or the charts of a report, what becomes of them, and what of each stands in its row and beside it. */
type Items<Item> = {
  list: typeof lists.queries | typeof lists.charts;
  rows: readonly StoredRow[];
  difference: Difference<Item>;
  fieldsOf: (item: Item) => AnyRow;
  detailOf: (item: Item) => string | null;
};

/** Gives the queries and charts of a report the rows of another content. */
export async function writeItems(
  parts: Parts,
  { queries, charts }: ContentDifference,
  after: ReportContent,
): Promise<void> {
  const { stored } = parts;
  const idOf = new Map(after.queries.map(({ token, id }) => [token, id]));
  const { creator_email: creatorEmail } = readRow(lists.reports, stored.report);
  await writeList<QueryContent>(parts, {
    list: lists.queries,
    rows: stored.queries,
    difference: queries,
    fieldsOf: (query) => ({
      name: query.name,
      raw_query: query.rawQuery,
      creator_email: query.creatorEmail,
      data_source_token: query.dataSourceToken,
    }),
    detailOf: () => null,
  });
  await writeList<ChartContent>(parts, {
    list: lists.charts,
    rows: stored.charts,
    difference: charts,
    fieldsOf: (chart) => ({
      chart_type: chart.type,
      chart_title: chart.title,
      query_id: idOf.get(chart.queryToken ?? '') ?? null,
      query_token: chart.queryToken,
      report_creator_email: creatorEmail,
    }),
    detailOf: ({ spec }) => (spec === null ? null : JSON.stringify(spec)),
  });
}

async function writeList<Item extends QueryContent | ChartContent>(
  { queries, writer, organizationId, stored: { report }, nowMs, savedAt }: Parts,
  { list, rows, difference: { added, changed, removed }, fieldsOf, detailOf }: Items<Item>,
): Promise<void> {
  const stored = new Map(rows.map((row) => [row.token, row]));
  const rowOf = ({ token }: Item) => stored.get(token) as StoredRow;

  const gone = removed.map((item) => rowOf(item).slot);
  await writer.remove(list, gone, nowMs);
  for (const slot of gone) await deleteRowDetails(queries, organizationId, slot);

  await writer.update(
    list,
    changed.map((item) => {
      const row = rowOf(item);
      return { ...row, sourceId: null, body: patched(list, row.body, fieldsOf(item)) };
    }),
  );

  const { id, token, space_id, space_token } = readRow(lists.reports, report);
  const inReport = { report_id: id, report_token: token, space_id, space_token };
  const place = { parent: report.slot, personal: report.personal, sourceId: null };
  const slots = await writer.insert(
    list,
    added.map((item) => ({
      ...place,
      id: item.id,
      token: item.token,
      body: toBytes(
        toRow(list, { id: item.id, token: item.token, ...fieldsOf(item), ...inReport }),
      ),
    })),
  );

  const written: [Item, number][] = [
    ...changed.map((item): [Item, number] => [item, rowOf(item).slot]),
    ...added.map((item, index): [Item, number] => [item, slots[index] as number]),
  ];
  for (const [item, slot] of written) {
    const { createdAt, creatorSlot } = item;
    const content = detailOf(item);
    const details = { createdAt, updatedAt: savedAt, creatorSlot, content };
    await saveRowDetails(queries, organizationId, slot, details);
  }
}
