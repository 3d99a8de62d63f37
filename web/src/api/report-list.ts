import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { ListedReports } from '../../../src/search/listed-report-schema.ts';
import { call } from './call.ts';
import { isReading, untilRead } from './reading.ts';

/** What the list of reports shows; what is not said is not asked for. */
export type ReportsSearch = {
  q?: string | undefined;
  space?: string | undefined;
  /** An address, or `me`. */
  owner?: string | undefined;
  state?: string | undefined;
  chart?: string | undefined;
  show?: Shown | undefined;
  /** Only the reader's favorites. */
  favorites?: true | undefined;
  /** Only what the reader opened last. */
  recent?: true | undefined;
  by?: OrderField | undefined;
  down?: boolean | undefined;
};

/** Reports that need attention, or are archived or deleted. */
export const shownKinds = [
  'stale',
  'failing',
  'never_run',
  'never_viewed',
  'no_owner',
  'archived',
  'deleted',
  'drafts',
] as const;
export type Shown = (typeof shownKinds)[number];

export const orderFields = [
  'name',
  'space',
  'creator',
  'last_run_at',
  'last_viewed_at',
  'edited_at',
] as const;
export type OrderField = (typeof orderFields)[number];

/** A report as the list shows it. */
export type ListedReport = ListedReports['_embedded']['reports'][number];

export const PER_PAGE = 100;
/** How long a page is taken for what it was; others change reports meanwhile. */
const FRESH_MS = 10_000;
const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

/** What is looked for as parameters of the API. */
function parametersOf(search: ReportsSearch, nowMs: number) {
  const { show } = search;
  return {
    q: search.q,
    space: search.space,
    creator: search.owner,
    state: search.state,
    chart_type: search.chart,
    favorite: search.favorites,
    recently_viewed: search.recent,
    archived: show === 'archived' ? 'true' : undefined,
    // To the day, so that the same list is not asked for under another name every moment.
    stale_since:
      show === 'stale' ? new Date(nowMs - MONTH_MS).toISOString().slice(0, 10) : undefined,
    failing: show === 'failing' || undefined,
    never_run: show === 'never_run' || undefined,
    never_viewed: show === 'never_viewed' || undefined,
    no_owner: show === 'no_owner' || undefined,
    ...orderOf(search),
  };
}

/** Where nobody asks for another order, what was typed says which report is first, or the last view; else the newest is. */
function orderOf({ q, recent, by, down }: ReportsSearch) {
  if (by === undefined) return q?.trim() || recent ? {} : { order_by: 'created_at', order: 'desc' };
  return { order_by: by, order: down ? 'desc' : undefined };
}

function pageQuery(organization: string, search: ReportsSearch, page: number) {
  const parameters = parametersOf(search, Date.now());
  return {
    queryKey: ['reports', organization, parameters, page],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      call('GET /api/:organization/reports', {
        params: { organization },
        query: { ...parameters, page, per_page: PER_PAGE },
        signal,
      }),
    staleTime: FRESH_MS,
    ...untilRead,
  };
}

/** The first page of what is looked for, or how far the reports are read; until it is there, that of what was looked for before. */
export function useFirstReports(organization: string, search: ReportsSearch) {
  return useQuery({ ...pageQuery(organization, search, 1), placeholderData: keepPreviousData });
}

/** The reports at these pages, by their place in the whole list; those that are still on their way are missing. */
export function useReportPages(
  organization: string,
  search: ReportsSearch,
  pages: readonly number[],
): (ListedReport | undefined)[] {
  const results = useQueries({
    queries: pages.map((page) => pageQuery(organization, search, page)),
  });
  const reports: (ListedReport | undefined)[] = [];
  for (const [index, { data }] of results.entries()) {
    const from = ((pages[index] as number) - 1) * PER_PAGE;
    const listed = data === undefined || isReading(data) ? [] : data._embedded.reports;
    for (const [place, report] of listed.entries()) {
      reports[from + place] = report;
    }
  }
  return reports;
}

/** The first few reports that the words find; until they are there, those of the words before. */
export function useFoundReports(organization: string, q: string, most: number) {
  return useQuery({
    queryKey: ['reports', organization, 'found', q, most],
    queryFn: ({ signal }) =>
      call('GET /api/:organization/reports', {
        params: { organization },
        query: { q, per_page: most },
        signal,
      }),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    ...untilRead,
  });
}

/** Under which the reports are kept that the reader has never published. */
export const draftsKey = (organization: string) => ['drafts', organization];

/** The reports that the reader has never published, who was saved last first: the first page, and how many there are. */
export function useDrafts(organization: string) {
  return useQuery({
    queryKey: draftsKey(organization),
    queryFn: ({ signal }) =>
      call('GET /api/:organization/unpublished_reports', { params: { organization }, signal }),
    select: ({ _embedded, pagination }) => ({
      reports: _embedded.unpublished_reports,
      count: pagination.total_count,
    }),
  });
}
