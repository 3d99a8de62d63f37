import type { ChartSpec } from '../charts/chart-spec.ts';
import type { ChartType } from '../charts/chart-types.ts';
import { wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { notFound } from '../spaces/space-access.ts';
import { getQuery, type OneQuery } from './edit-queries.ts';
import { editReport, saveContent } from './edit-report.ts';
import { contentOf, type StoredReport } from './report-rows.ts';

/** What is given of a chart, in the wire's words. */
export type GivenChart = {
  chart_type?: ChartType;
  chart_title?: string | null;
  spec?: ChartSpec;
};

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
  if (chart === undefined) throw notFound('Chart');
  return { stored, query, chart };
}

export async function createChart(
  database: Database,
  given: GivenChart & { chart_type: ChartType },
  { editor, report, query }: Pick<OneChart, 'editor' | 'report' | 'query'>,
): Promise<FoundChart> {
  return editReport(database, editor, report, async (edit) => {
    const content = contentOf(edit.stored);
    const chart = {
      id: edit.writer.nextOwnId(),
      token: editor.identifiers.token(),
      createdAt: wireTime(editor.clock()),
      creatorSlot: editor.caller.member?.slot ?? null,
      queryToken: getQuery(edit.stored, query).query.token,
      type: given.chart_type,
      title: given.chart_title ?? null,
      spec: given.spec ?? {},
    };
    const saved = await saveContent(edit, { ...content, charts: [...content.charts, chart] });
    return getChart(saved.stored, query, chart.token);
  });
}

export async function changeChart(
  database: Database,
  given: GivenChart,
  { editor, report, query, chart: token, check }: OneChart,
): Promise<FoundChart> {
  return editReport(database, editor, report, async (edit) => {
    check(getChart(edit.stored, query, token));
    const change = {
      ...(given.chart_type !== undefined && { type: given.chart_type }),
      ...(given.chart_title !== undefined && { title: given.chart_title }),
      ...(given.spec !== undefined && { spec: given.spec }),
    };
    const content = contentOf(edit.stored);
    const charts = content.charts.map((chart) =>
      chart.token === token ? { ...chart, ...change } : chart,
    );
    const saved = await saveContent(edit, { ...content, charts });
    return getChart(saved.stored, query, token);
  });
}

export async function deleteChart(
  database: Database,
  { editor, report, query, chart: token, check }: OneChart,
): Promise<void> {
  await editReport(database, editor, report, async (edit) => {
    check(getChart(edit.stored, query, token));
    const content = contentOf(edit.stored);
    const charts = content.charts.filter((chart) => chart.token !== token);
    await saveContent(edit, { ...content, charts });
  });
}
