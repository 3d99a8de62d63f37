import type { ChartSpec } from '../charts/chart-spec.ts';
import type { Store } from '../database/database.ts';
import { type List, lists, type Row, type RowOf } from '../inventory/lists.ts';
import { inOrder } from '../inventory/query-order.ts';
import { patched, readRow, toBytes, toRow } from '../inventory/row.ts';
import { findRowDetails, type RowDetails } from '../inventory/row-detail-store.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';
import type { RowWriter } from '../inventory/row-writer.ts';
import { chartFields, fieldsOf, queryFields, reportFields } from './content/content.ts';
import type { ChartContent, ReportContent, Saved } from './report-content.ts';

/** Everything that the lists hold of one report, and what is known beyond that. */
export type StoredReport = {
  report: StoredRow;
  /** Undefined where an import brought none. */
  stats: StoredRow | undefined;
  /** In the order that people gave them. */
  queries: readonly StoredRow[];
  /** In the order in which they were made. */
  charts: readonly StoredRow[];
  /** By slot. */
  details: ReadonlyMap<number, RowDetails>;
};

export async function loadReport(
  store: Store,
  organizationId: number,
  report: StoredRow,
): Promise<StoredReport> {
  const childrenIn = async (list: List) => {
    const rows = await findRows(store, organizationId, list, 'parent', [report.slot]);
    return rows.toSorted((a, b) => a.slot - b.slot);
  };
  const [stats] = await childrenIn(lists.report_stats);
  const queryRows = await childrenIn(lists.queries);
  const charts = await childrenIn(lists.charts);
  const slots = [report, ...queryRows, ...charts].map(({ slot }) => slot);
  const details = await findRowDetails(store, organizationId, slots);
  const inTheirs = inOrder(queryRows, details.get(report.slot));
  return { report, stats, queries: inTheirs, charts, details };
}

/** What people edit of a report. A chart whose query an import did not name is not among it: it shows nothing. */
export function contentOf({ report, queries, charts, details }: StoredReport): ReportContent {
  const rows = charts.map((stored) => ({ stored, row: readRow(lists.charts, stored) }));
  const chartsOf = Map.groupBy(rows, ({ row }) => row.query_token);
  return {
    ...fieldsOf(reportFields, readRow(lists.reports, report)),
    queries: queries.map((stored) => {
      const row = readRow(lists.queries, stored);
      return {
        ...fieldsOf(queryFields, row),
        ...saved(row, details.get(stored.slot), row.creator_email),
        charts: (chartsOf.get(row.token) ?? []).map((chart) =>
          chartContent(chart.row, details.get(chart.stored.slot)),
        ),
      };
    }),
  };
}

function chartContent(row: Row<'charts'>, details: RowDetails | undefined): ChartContent {
  const spec: ChartSpec | null = details?.content ? JSON.parse(details.content) : null;
  return { ...fieldsOf(chartFields, { ...row, spec }), ...saved(row, details, null) };
}

function saved(
  { id, token }: { id: number; token: string },
  details: RowDetails | undefined,
  byEmail: string | null,
): Saved {
  const { createdAt: at = null, creatorSlot: bySlot = null } = details ?? {};
  return { token, made: { id, at, bySlot, byEmail } };
}

/** What to change of the rows of a report. */
export type RowPatches = {
  /** Of the columns, of all rows alike. */
  place?: Partial<Pick<StoredRow, 'personal' | 'archived'>> & { parent?: number };
  report?: Partial<Row<'reports'>>;
  stats?: Partial<Row<'report_stats'>>;
  queries?: Partial<Row<'queries'>>;
  charts?: Partial<Row<'charts'>>;
};

/**
 * Changes the rows of a report, those that change at all; answers the report as it is then. Whatever of it was imported is
 * from here from then on: no import changes it again.
 */
export async function changeReportRows(
  writer: RowWriter,
  stored: StoredReport,
  { place: { parent, ...place } = {}, ...patches }: RowPatches,
): Promise<StoredReport> {
  const update = async <Of extends List>(
    list: Of,
    rows: readonly StoredRow[],
    patch: Partial<RowOf<Of>> = {},
    more: Partial<StoredRow> = place,
  ): Promise<StoredRow[]> => {
    const changed = rows.map((row) => {
      const body = Object.keys(patch).length > 0 ? patched(list, row.body, patch) : row.body;
      return { ...row, ...more, sourceId: null, body };
    });
    const isOther = (row: StoredRow, index: number) => differs(row, rows[index] as StoredRow);
    await writer.update(list, changed.filter(isOther));
    return changed;
  };
  const inPlace = { ...place, ...(parent !== undefined && { parent }) };
  const [report] = await update(lists.reports, [stored.report], patches.report, inPlace);
  const [stats] = await update(lists.report_stats, [stored.stats ?? []].flat(), patches.stats);
  return {
    ...stored,
    report: report as StoredRow,
    stats: stats ?? (patches.stats && (await insertStats(writer, stored.report, patches.stats))),
    queries: await update(lists.queries, stored.queries, patches.queries),
    charts: await update(lists.charts, stored.charts, patches.charts),
  };
}

function differs(row: StoredRow, stored: StoredRow): boolean {
  return (
    !row.body.equals(stored.body) ||
    row.sourceId !== stored.sourceId ||
    row.parent !== stored.parent ||
    row.personal !== stored.personal ||
    row.archived !== stored.archived
  );
}

/** Gives a report the row that says how it is used. */
export async function insertStats(
  writer: RowWriter,
  { slot, id, token, personal }: Pick<StoredRow, 'slot' | 'id' | 'token' | 'personal'>,
  more: Partial<Row<'report_stats'>> = {},
): Promise<StoredRow> {
  const row = toRow(lists.report_stats, {
    report_id: id,
    report_token: token,
    active_schedules_count: 0,
    explorations_count: 0,
    view_count: 0,
    ...more,
  });
  const stored = { id, token, parent: slot, personal, sourceId: null, body: toBytes(row) };
  const [statsSlot] = (await writer.insert(lists.report_stats, [stored])) as [number];
  return { ...stored, slot: statsSlot, archived: false };
}
