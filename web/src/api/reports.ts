import { useQuery } from '@tanstack/react-query';
import type { Charts } from '../../../src/reports/chart-schema.ts';
import type { Queries } from '../../../src/reports/query-schema.ts';
import type { Report } from '../../../src/reports/report-schema.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';

export type { Report };
export type ReportChart = Pick<
  Charts['_embedded']['charts'][number],
  'token' | 'chart_type' | 'chart_title' | 'spec'
>;
/** A report's queries, each with its charts. */
export type ReportQuery = Queries['_embedded']['queries'][number] & { charts: ReportChart[] };

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
    queryFn: ({ signal }) => readReport(organization, token, signal),
  });
}

export function readReport(
  organization: string,
  token: string,
  signal?: AbortSignal,
): Promise<Report> {
  const params = { organization, token };
  return call('GET /api/:organization/reports/:token', { params, signal });
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
  const params = { organization, token };
  const list = await call('GET /api/:organization/reports/:token/queries', { params, signal });
  return Promise.all(
    list._embedded.queries.map(async (query) => {
      if (query.chart_count === 0) return { ...query, charts: [] };
      const { _embedded } = await call(
        'GET /api/:organization/reports/:token/queries/:query/charts',
        { params: { ...params, query: query.token }, signal },
      );
      return { ...query, charts: _embedded.charts };
    }),
  );
}

export async function setArchived(organization: string, token: string, archived: boolean) {
  const verb = archived ? 'archive' : 'unarchive';
  await call(`PATCH /api/:organization/reports/:token/${verb}`, {
    params: { organization, token },
  });
  await refreshReport(organization, token);
  await queryClient.invalidateQueries({ queryKey: ['reports', organization] });
}

/** Gives a report another name. */
export async function renameReport(organization: string, token: string, name: string) {
  const params = { organization, token };
  await call('PATCH /api/:organization/reports/:token', { params, body: { report: { name } } });
  await refreshLists(organization, token);
}

/** Makes a copy of a report that is the reader's own; answers its token. */
export async function duplicateReport(organization: string, token: string): Promise<string> {
  const params = { organization, token };
  const copy = await call('POST /api/:organization/reports/:token/duplicate', { params, body: {} });
  await refreshLists(organization, token);
  return copy.token;
}

function refreshLists(organization: string, token: string): Promise<unknown> {
  return Promise.all([
    refreshReport(organization, token),
    ...['reports', 'roll-call'].map((kind) =>
      queryClient.invalidateQueries({ queryKey: [kind, organization] }),
    ),
  ]);
}

/** The address of the report's owner; undefined if it is not known. */
export function useOwner(organization: string, report: Report): string | undefined {
  const token = report._links.creator?.href.split('/').at(-1);
  const { data } = useQuery({
    queryKey: ['member', organization, token],
    queryFn: ({ signal }) => {
      const params = { organization, token: String(token) };
      return call('GET /api/:organization/members/:token', { params, signal });
    },
    enabled: token !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.email ?? undefined;
}

/** Whether the reader has a draft of the report that is not published. */
export function useHasDraft(organization: string, report: string): boolean {
  const { data } = useQuery({
    queryKey: ['own-draft', organization, report],
    queryFn: ({ signal }) => {
      const params = { organization, token: report };
      return call('GET /api/:organization/reports/:token/draft', { params, signal });
    },
    select: (draft) => draft.saved_at !== null,
  });
  return data ?? false;
}

/** Records a view of the report. */
export async function countView(organization: string, token: string): Promise<void> {
  await call('POST /api/:organization/reports/:token/views', { params: { organization, token } });
}

/** The reports that were deleted last and that the reader may restore: the first page of them. */
export function useDeletedReports(organization: string) {
  return useQuery({
    queryKey: ['reports', organization, 'deleted'],
    queryFn: async ({ signal }) => {
      const params = { organization };
      const list = await call('GET /api/:organization/deleted_reports', { params, signal });
      return list._embedded.deleted_reports;
    },
  });
}
