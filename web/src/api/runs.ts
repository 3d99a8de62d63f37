import { useQuery } from '@tanstack/react-query';
import { ownAddress } from '../base-path.ts';
import type { Column, Rows } from '../results/columns.ts';
import { api, isStatus } from './client.ts';
import { refreshReport, reportKey, reportPath } from './reports.ts';

export type FormValue = string | number | boolean | null | (string | number | boolean | null)[];

/** A field of the form that a report's queries carry. */
export type FormField = {
  name: string;
  label: string;
  type: 'text' | 'number' | 'date' | 'select' | 'multiselect';
  description: string | null;
  default: FormValue;
  value: FormValue;
  options: { value: string | number | boolean | null; label: string }[] | null;
  required: boolean;
};

export type Run = {
  token: string;
  state: 'enqueued' | 'succeeded' | 'failed' | 'cancelled';
  parameters: Record<string, FormValue>;
  created_at: string;
  started_at: string | null;
  completed_at: string | null;
  purge_completed_at: string | null;
  form_fields: FormField[];
  query_count: number;
  completed_query_count: number;
  _links: { executed_by?: { href: string }; report_schedule?: { href: string } };
};

export type QueryRun = {
  token: string;
  state: Run['state'];
  query_token: string;
  query_name: string | null;
  raw_source: string;
  row_count: number | null;
  limit: boolean;
  error_message: string | null;
  error_line: number | null;
};

export type Preview = { columns: Column[]; rows: Rows; row_count: number; limit: boolean };

/** How often a run that goes on is asked for. */
const ASKED_EVERY_MS = 600;

const runsPath = (organization: string, report: string) =>
  `${reportPath(organization, report)}/runs`;

/** The last runs of a report, the newest first; asked for again and again while one goes on. */
export function useRuns(organization: string, report: string) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'runs'],
    queryFn: async ({ signal }) => {
      type List = { _embedded: { report_runs: Run[] } };
      return (await api.get<List>(runsPath(organization, report), { signal }))._embedded
        .report_runs;
    },
    refetchInterval: ({ state }) =>
      state.data?.some((run) => run.state === 'enqueued') ? ASKED_EVERY_MS : false,
  });
}

/** What became of each query of a run that has ended. */
export function useQueryRuns(organization: string, report: string, run: Run | undefined) {
  return useQuery({
    queryKey: [...reportKey(organization, report), 'query-runs', run?.token, run?.state],
    queryFn: async ({ signal }) => {
      const path = `${runsPath(organization, report)}/${run?.token}/query_runs`;
      type List = { _embedded: { query_runs: QueryRun[] } };
      return (await api.get<List>(path, { signal }))._embedded.query_runs;
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
      api.get<Preview>(
        `${runsPath(organization, report)}/${run}/query_runs/${queryRun.token}/results/preview.json`,
        { signal },
      ),
    enabled: queryRun.state === 'succeeded',
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export async function startRun(
  organization: string,
  report: string,
  parameters: Record<string, FormValue>,
): Promise<Run> {
  const run = await api.send<Run>('POST', runsPath(organization, report), { parameters });
  await refreshReport(organization, report);
  return run;
}

/** Runs a report as it ran before; with the defaults of its queries where they ask for something else by now. */
export async function runAgain(
  organization: string,
  report: string,
  { parameters }: Pick<Run, 'parameters'>,
): Promise<Run> {
  try {
    return await startRun(organization, report, parameters);
  } catch (error) {
    if (!isStatus(error, 400)) throw error;
    return startRun(organization, report, {});
  }
}

export async function cancelRun(organization: string, report: string, run: string): Promise<void> {
  await api.send('POST', `${runsPath(organization, report)}/${run}/cancel`);
  await refreshReport(organization, report);
}

export type Format = 'csv' | 'json' | 'parquet';

/** Where a result is downloaded. What a spreadsheet would take for a formula is text in a CSV file from here. */
export function downloadAddress(
  organization: string,
  report: string,
  run: string,
  format: Format,
): string {
  const safe = format === 'csv' ? '?safe=true' : '';
  return ownAddress(`${runsPath(organization, report)}/${run}/results/content.${format}${safe}`);
}
