import { Type } from 'typebox';
import type { Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import type { RouteRequest } from '../http/route.ts';
import { notFound } from '../spaces/space-access.ts';
import { getRun, type OfRun, RunPath } from './find-runs.ts';
import { noResults } from './get-result.ts';
import { findChartsOfRun } from './picture-store.ts';
import type { BriefQueryRun } from './run.ts';
import { listChartsOf, type RunChart } from './run-charts.ts';
import { listBriefQueryRuns } from './run-store.ts';

/** The parameters of the paths of a run's charts. */
export const RunChartPath = Type.Object({
  ...RunPath.properties,
  chart: Type.String({ description: 'Token of the chart.', examples: ['77d0ba2d9c5e'] }),
});

/** Which chart of that token is meant. */
export const ofSpec = Type.Optional(
  Type.String({ enum: ['current'], description: 'The changed chart.' }),
);

/** The charts of a run. One from before charts were kept with it has those of today. */
export async function findRunCharts(store: Store, of: OfRun): Promise<RunChart[]> {
  return (await findChartsOfRun(store, of.organization.id, of.run)) ?? listCurrentCharts(store, of);
}

const listCurrentCharts = (store: Store, { organization, report }: OfRun) =>
  listChartsOf(store, organization.id, report);

/**
 * The chart of a run that a path names, and the query run that it shows. With `spec=current`, as the chart is now.
 *
 * @throws ApiError not_found, bad_request
 */
export async function getRunChart(
  store: Store,
  request: RouteRequest<{ token: string; run: string; chart: string }, QueryString>,
): Promise<OfRun & { chart: RunChart; queryRun: BriefQueryRun }> {
  const of = await getRun(store, request);
  const charts = isCurrent(request.query)
    ? await listCurrentCharts(store, of)
    : await findRunCharts(store, of);
  const chart = charts.find((one) => one.token === request.params.chart);
  if (chart === undefined) throw notFound('chart');
  const queryRuns = await listBriefQueryRuns(store, of.organization.id, of.run.number);
  const queryRun = queryRuns.find(({ queryToken }) => queryToken === chart.queryToken);
  if (queryRun?.result == null || of.run.expiredAt !== null) throw noResults();
  return { ...of, chart, queryRun };
}

/** @throws ApiError bad_request */
function isCurrent(query: QueryString): boolean {
  const value = singleValue(query, 'spec', 'current');
  if (value === undefined) return false;
  if (value === 'current') return true;
  throw new ApiError(
    'bad_request',
    `spec is ${quoted(value)}; it must be current.`,
    'Omit it for the chart at the time of the run.',
  );
}
