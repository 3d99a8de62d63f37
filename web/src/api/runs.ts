import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { QueryRuns } from '../../../src/runs/query-run-schema.ts';
import type { Preview } from '../../../src/runs/run-schema.ts';
import { ownAddress } from '../base-path.ts';
import { call } from './call.ts';
import { isStatus } from './client.ts';
import { unlessLive } from './live.ts';
import { refreshReport, reportKey, reportPath } from './reports.ts';
import type { FormField, FormValue, Run, Values } from './run.ts';

export type { FormField, FormValue, Preview, Run, Values };
export type QueryRun = QueryRuns['_embedded']['query_runs'][number];

const runsKey = (organization: string, report: string) => [
  ...reportKey(organization, report),
  'runs',
];

/** How long to wait before a run is asked for again: the longer it takes, the longer; seldom where news of it comes by itself. */
function nextLook(runs: readonly Run[]): number | false {
  const begun = runs
    .filter(({ state }) => state === 'enqueued')
    .map((run) => Date.parse(run.created_at));
  if (begun.length === 0) return false;
  return unlessLive(within(600, (Date.now() - Math.max(...begun)) / 10, 5_000)) || 5_000;
}

/** The last runs of a report, the newest first; asked for again and again while one goes on. */
export function useRuns(organization: string, report: string) {
  return useQuery({
    queryKey: runsKey(organization, report),
    queryFn: async ({ signal }) => {
      const params = { organization, token: report };
      const list = await call('GET /api/:organization/reports/:token/runs', { params, signal });
      return list._embedded.report_runs;
    },
    refetchInterval: ({ state }) => nextLook(state.data ?? []),
  });
}

/** One run of a report, or its default run; null where there is none. Not asked for without a token. */
export function useRun(organization: string, report: string, run: string | undefined) {
  return useQuery({
    queryKey: [...runsKey(organization, report), run],
    enabled: run !== undefined,
    queryFn: async ({ signal }) => {
      try {
        return await call('GET /api/:organization/reports/:token/runs/:run', {
          params: { organization, token: report, run: String(run) },
          signal,
        });
      } catch (error) {
        if (isStatus(error, 404)) return null;
        throw error;
      }
    },
    refetchInterval: ({ state }) => nextLook(state.data ? [state.data] : []),
  });
}

/**
 * Looks for runs that others or schedules have started, and reads the report again when there is one. The longer nothing
 * has happened, the more seldom; not at all while the page is out of sight.
 */
export function useNewRuns(
  organization: string,
  report: string,
  known: readonly Run[] | undefined,
) {
  const { data: newest } = useQuery({
    queryKey: [...reportKey(organization, report), 'newest-run'],
    queryFn: async ({ signal }) => {
      const list = await call('GET /api/:organization/reports/:token/runs', {
        params: { organization, token: report },
        query: { per_page: 1 },
        signal,
      });
      return list._embedded.report_runs[0] ?? null;
    },
    refetchInterval: ({ state }) =>
      unlessLive(
        within(10_000, (Date.now() - Date.parse(state.data?.updated_at ?? '')) / 10, 60_000),
      ),
  });
  const last = known?.[0];
  const isNews =
    known !== undefined &&
    newest !== undefined &&
    newest !== null &&
    newest.updated_at > (last?.updated_at ?? '') &&
    last?.state !== 'enqueued';
  const states = known?.map(({ token, state }) => `${token} ${state}`).join();
  const seen = useRef(states);
  useEffect(() => {
    const isOther = seen.current !== undefined && seen.current !== states;
    seen.current = states;
    if (isNews || isOther) void refreshReport(organization, report);
  }, [isNews, states, organization, report]);
}

function within(least: number, value: number, most: number): number {
  return Number.isNaN(value) ? most : Math.min(Math.max(value, least), most);
}

/** The parameters that a report asks for now. */
export function useForm(organization: string, report: string) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'form'],
    queryFn: async ({ signal }) => {
      const params = { organization, token: report };
      const form = await call('GET /api/:organization/reports/:token/form', { params, signal });
      return form.form_fields;
    },
  });
}

/** What became of each query of a run that has ended. */
export function useQueryRuns(organization: string, report: string, run: Run | undefined) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'query-runs', run?.token, run?.state],
    queryFn: async ({ signal }) => {
      const params = { organization, token: report, run: String(run?.token) };
      const path = 'GET /api/:organization/reports/:token/runs/:run/query_runs';
      return (await call(path, { params, signal }))._embedded.query_runs;
    },
    enabled: run !== undefined && run.state !== 'enqueued',
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The first rows of a query's result. */
export function usePreview(organization: string, report: string, run: string, queryRun: QueryRun) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'preview', queryRun.token],
    queryFn: ({ signal }) =>
      call(
        'GET /api/:organization/reports/:token/runs/:run/query_runs/:query_run/results/preview.json',
        { params: { organization, token: report, run, query_run: queryRun.token }, signal },
      ),
    enabled: queryRun.state === 'succeeded',
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export async function startRun(
  organization: string,
  report: string,
  parameters: Values,
): Promise<Run> {
  const params = { organization, token: report };
  const run = await call('POST /api/:organization/reports/:token/runs', {
    params,
    body: { parameters },
  });
  await refreshReport(organization, report);
  return run;
}

export async function cancelRun(organization: string, report: string, run: string): Promise<void> {
  const params = { organization, token: report, run };
  await call('POST /api/:organization/reports/:token/runs/:run/cancel', { params });
  await refreshReport(organization, report);
}

export type Format = 'csv' | 'json' | 'parquet';

/** Where the result of a query, or of a run, is downloaded. What a spreadsheet would take for a formula is text in a CSV file from here. */
export function downloadAddress(
  organization: string,
  report: string,
  run: string,
  format: Format,
  queryRun?: string,
): string {
  const safe = format === 'csv' ? '?safe=true' : '';
  const of = queryRun === undefined ? '' : `/query_runs/${queryRun}`;
  return ownAddress(
    `${reportPath(organization, report)}/runs/${run}${of}/results/content.${format}${safe}`,
  );
}
