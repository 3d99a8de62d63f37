import { useQuery } from '@tanstack/react-query';
import type { ChartSpec } from '../../../src/charts/chart-spec.ts';
import { api, queryClient } from './client.ts';

type Link = { href: string };

export type Report = {
  token: string;
  name: string | null;
  description: string | null;
  created_at: string | null;
  updated_at: string | null;
  edited_at: string | null;
  last_run_at: string | null;
  last_successfully_run_at: string | null;
  archived: boolean;
  /** Why an import archived it; null where a person did. */
  archived_reason: 'missing_at_source' | null;
  space_token: string | null;
  query_count: number;
  chart_count: number;
  schedules_count: number;
  view_count: number | null;
  _links: { creator?: Link; space?: Link; last_run?: Link };
};

export type Query = {
  token: string;
  name: string | null;
  raw_query: string | null;
  data_source_token: string | null;
  chart_count: number;
};

export type ReportChart = {
  token: string;
  chart_type: string | null;
  chart_title: string | null;
  spec: ChartSpec | null;
};

/** A report's queries, each with its charts. */
export type ReportQuery = Query & { charts: ReportChart[] };

export type Version = {
  number: number;
  saved_at: string;
  editor_email: string | null;
  summary: string;
};

export const reportPath = (organization: string, token: string) =>
  `/api/${organization}/reports/${encodeURIComponent(token)}`;
export const reportKey = (organization: string, token: string) => ['report', organization, token];

/** What a run brought stays as it is. */
const KEPT: ReadonlySet<unknown> = new Set(['query-runs', 'preview', 'run-charts', 'picture']);

/** What is shown of a report is read again. */
export function refreshReport(organization: string, token: string): Promise<void> {
  return queryClient.invalidateQueries({
    queryKey: reportKey(organization, token),
    predicate: ({ queryKey: [, , , part] }) => !KEPT.has(part),
  });
}

export function useReport(organization: string, token: string) {
  return useQuery({
    queryKey: reportKey(organization, token),
    queryFn: ({ signal }) => api.get<Report>(reportPath(organization, token), { signal }),
  });
}

export function useReportQueries(organization: string, token: string) {
  return useQuery({
    queryKey: [...reportKey(organization, token), 'queries'],
    queryFn: ({ signal }) => readQueries(organization, token, signal),
  });
}

async function readQueries(
  organization: string,
  token: string,
  signal: AbortSignal,
): Promise<ReportQuery[]> {
  const path = `${reportPath(organization, token)}/queries`;
  const list = await api.get<{ _embedded: { queries: Query[] } }>(path, { signal });
  return Promise.all(
    list._embedded.queries.map(async (query) => {
      if (query.chart_count === 0) return { ...query, charts: [] };
      const charts = await api.get<{ _embedded: { charts: ReportChart[] } }>(
        `${path}/${query.token}/charts`,
        { signal },
      );
      return { ...query, charts: charts._embedded.charts };
    }),
  );
}

export function useVersions(organization: string, token: string) {
  return useQuery({
    queryKey: [...reportKey(organization, token), 'versions'],
    queryFn: async ({ signal }) => {
      const path = `${reportPath(organization, token)}/versions`;
      const list = await api.get<{ _embedded: { versions: Version[] } }>(path, { signal });
      return list._embedded.versions;
    },
  });
}

export async function restoreVersion(organization: string, token: string, number: number) {
  await api.send('POST', `${reportPath(organization, token)}/versions/${number}/restore`);
  await refreshReport(organization, token);
}

export async function setArchived(organization: string, token: string, archived: boolean) {
  const verb = archived ? 'archive' : 'unarchive';
  await api.send('PATCH', `${reportPath(organization, token)}/${verb}`);
  await refreshReport(organization, token);
  await queryClient.invalidateQueries({ queryKey: ['reports', organization] });
}

/** Makes an empty report in a space, or in one's own where none is given; answers its token. */
export async function createReport(
  organization: string,
  report: { name: string; space_token?: string },
): Promise<string> {
  const made = await api.send<Report>('POST', `/api/${organization}/reports`, { report });
  await queryClient.invalidateQueries({ queryKey: ['reports', organization] });
  return made.token;
}

/** The address of who owns the report; undefined where nobody is known to. */
export function useOwner(report: Report): string | undefined {
  const href = report._links.creator?.href;
  const { data } = useQuery({
    queryKey: ['member', href],
    queryFn: ({ signal }) => api.get<{ email: string | null }>(String(href), { signal }),
    enabled: href !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.email ?? undefined;
}

/** Somebody opened the report. */
export async function countView(organization: string, token: string): Promise<void> {
  await api.send('POST', `${reportPath(organization, token)}/views`);
}
