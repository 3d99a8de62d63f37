import { type ChartType, chartTypes } from '../charts/chart-types.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { notFound } from '../spaces/space-access.ts';
import { type ChartFields, chartFields, emptyFields, fieldsGiven } from './content/content.ts';
import { getQuery, type OneQuery } from './edit-queries.ts';
import { editReport, type ReportEdit } from './edit-report.ts';
import { newItem } from './new-item.ts';
import type { ChartContent } from './report-content.ts';
import type { StoredReport } from './report-rows.ts';

/** What is given of a chart, in the wire's words. */
export type GivenChart = Partial<ChartFields>;

/** A chart, who edits it, and what refuses the state in which it is. */
export type OneChart = Pick<OneQuery, 'editor' | 'report' | 'query'> & {
  chart: string;
  check: (found: FoundChart) => void;
};

/** A chart with the query that it shows, and the report that it is in. */
export type FoundChart = { stored: StoredReport; query: StoredRow; chart: StoredRow };

/** The charts that show a query of a report. @throws ApiError not_found where there is no such query. */
export function chartsOfQuery(stored: StoredReport, queryToken: string): StoredRow[] {
  const { query } = getQuery(stored, queryToken);
  return stored.charts.filter((chart) => readRow(lists.charts, chart).query_token === query.token);
}

/** @throws ApiError not_found */
export function getChart(stored: StoredReport, queryToken: string, token: string): FoundChart {
  const { query } = getQuery(stored, queryToken);
  const chart = chartsOfQuery(stored, queryToken).find((row) => row.token === token);
  if (chart === undefined) throw notFound('chart');
  return { stored, query, chart };
}

export async function createChart(
  database: Database,
  given: GivenChart & { chart_type: ChartType },
  { editor, report, query }: Pick<OneChart, 'editor' | 'report' | 'query'>,
): Promise<FoundChart> {
  return editReport(database, editor, report, async (edit) => {
    getQuery(edit.stored, query);
    const chart: ChartContent = {
      ...emptyFields(chartFields),
      ...fieldsGiven(chartFields, given),
      spec: given.spec ?? {},
      ...(await newItem(edit)),
    };
    await saveCharts(edit, query, (charts) => [...charts, chart]);
    return getChart(edit.stored, query, chart.token);
  });
}

export async function changeChart(
  database: Database,
  given: GivenChart,
  { editor, report, query, chart: token, check }: OneChart,
): Promise<FoundChart> {
  return editReport(database, editor, report, async (edit) => {
    const found = getChart(edit.stored, query, token);
    check(found);
    const change = fieldsGiven(chartFields, given);
    const { chart_type: before } = readRow(lists.charts, found.chart);
    if (change.chart_type !== undefined) requireChartType(change.chart_type, before);
    await saveCharts(edit, query, (charts) =>
      charts.map((chart) =>
        chart.token === token ? { ...chart, ...change, spec: change.spec ?? chart.spec } : chart,
      ),
    );
    return getChart(edit.stored, query, token);
  });
}

export async function deleteChart(
  database: Database,
  { editor, report, query, chart: token, check }: OneChart,
): Promise<void> {
  await editReport(database, editor, report, async (edit) => {
    check(getChart(edit.stored, query, token));
    await saveCharts(edit, query, (charts) => charts.filter((chart) => chart.token !== token));
  });
}

/** @throws ApiError bad_request for a type that is not known, unless an imported chart has it already. */
export function requireChartType(type: string | null, before: string | null | undefined): void {
  if (type === before || chartTypes.some((known) => known === type)) return;
  throw new ApiError(
    'bad_request',
    `chart_type is ${quoted(type)}; it must be one of ${chartTypes.join(', ')}.`,
  );
}

/** Gives the query of a report these charts. */
function saveCharts(
  edit: ReportEdit,
  token: string,
  change: (charts: readonly ChartContent[]) => ChartContent[],
): Promise<void> {
  const { content } = edit;
  const queries = content.queries.map((query) =>
    query.token === token ? { ...query, charts: change(query.charts) } : query,
  );
  return edit.save({ ...content, queries });
}
