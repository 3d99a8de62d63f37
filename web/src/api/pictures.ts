import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ChartSpec } from '../../../src/charts/chart-spec.ts';
import type { Picture, SeriesPicture } from '../../../src/charts/picture.ts';
import { call } from './call.ts';
import { reportKey } from './reports.ts';
import type { Run } from './runs.ts';

/** The charts of a run as they were when it was started. */
export function useRunCharts(organization: string, report: string, run: Run, isNeeded: boolean) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'run-charts', run.token],
    queryFn: async ({ signal }) => {
      const params = { organization, token: report, run: run.token };
      const path = 'GET /api/:organization/reports/:token/runs/:run/charts';
      return (await call(path, { params, signal }))._embedded.charts;
    },
    enabled: isNeeded,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

type Drawn = { chart_type: string | null; spec: ChartSpec | null };

/** What of a chart its picture depends on: how values are written is the page's own. */
function pictured({ chart_type: type, spec }: Drawn) {
  const { formats: _, ...columns } = spec ?? {};
  return { chart_type: type ?? 'table', spec: columns };
}

function pictureKey(
  organization: string,
  report: string,
  run: string,
  chart: Drawn & { token: string },
  isCurrent: boolean,
) {
  const shown = isCurrent && JSON.stringify(pictured(chart));
  return [...reportKey(organization, report), 'picture', run, chart.token, shown];
}

/**
 * What a chart shows of a run's result.
 *
 * @param isCurrent whether by the chart as it is now, and not as it was when the run was started.
 */
export function usePicture(
  organization: string,
  report: string,
  run: string,
  chart: Drawn & { token: string },
  isCurrent: boolean,
) {
  const spec = isCurrent ? 'current' : undefined;
  return useQuery({
    queryKey: pictureKey(organization, report, run, chart, isCurrent),
    queryFn: ({ signal }) =>
      call('GET /api/:organization/reports/:token/runs/:run/charts/:chart/picture', {
        params: { organization, token: report, run, chart: chart.token },
        query: { spec },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Rows and columns of a pivot table. */
export type PivotRange = {
  offset: number;
  limit: number;
  column_offset: number;
  column_limit: number;
};

/** What reads parts of a pivot table, and what tells it from others. */
export type PivotCells = {
  key: readonly unknown[];
  read: (range: PivotRange, signal: AbortSignal) => Promise<SeriesPicture>;
};

/** Reads parts of a pivot table of a run's result; see usePicture. */
export function pivotCells(
  organization: string,
  report: string,
  run: string,
  chart: Drawn & { token: string },
  isCurrent: boolean,
): PivotCells {
  return {
    key: pictureKey(organization, report, run, chart, isCurrent),
    async read(range, signal) {
      const picture = await call(
        'GET /api/:organization/reports/:token/runs/:run/charts/:chart/cells',
        {
          params: { organization, token: report, run, chart: chart.token },
          query: { ...range, spec: isCurrent ? 'current' : undefined },
          signal,
        },
      );
      if (picture.kind !== 'series') throw new Error('A part of a pivot table has cells.');
      return picture;
    },
  };
}

/** So many pictures are drawn in one request. */
const AT_ONCE = 50;

/** The pictures of charts by their keys; of each, the last one until the next is there. */
export function useTriedPictures(
  organization: string,
  dataSource: string | null,
  result: string | null,
  charts: readonly (Drawn & { key: string })[],
) {
  const asked = charts.map((chart) => ({ key: chart.key, ...pictured(chart) }));
  return useQuery({
    queryKey: ['tried-pictures', organization, dataSource, result, JSON.stringify(asked)],
    queryFn: async ({ signal }) => {
      const path = 'POST /api/:organization/data_sources/:token/query/pictures';
      const params = { organization, token: String(dataSource) };
      const found = new Map<string, Picture>();
      for (let from = 0; from < asked.length; from += AT_ONCE) {
        const part = asked.slice(from, from + AT_ONCE);
        const body = {
          pictures: { result: String(result), charts: part.map(({ key: _, ...chart }) => chart) },
        };
        const drawn = await call(path, { params, body, signal });
        for (const [index, { key }] of part.entries())
          found.set(key, drawn.pictures[index] as Picture);
      }
      return found;
    },
    enabled: dataSource !== null && result !== null && charts.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}
