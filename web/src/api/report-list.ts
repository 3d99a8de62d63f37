import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { parametersOf, type ReportsSearch } from '../pages/reports/reports-search.ts';
import { api } from './client.ts';

/** A report as the list shows it. */
export type ListedReport = {
  token: string;
  name: string | null;
  description: string | null;
  archived: boolean;
  space_token: string | null;
  space_name: string | null;
  /** Whether that is a personal space. */
  personal: boolean;
  creator_email: string | null;
  last_run_at: string | null;
  last_run_state: string | null;
  last_viewed_at: string | null;
  active_schedules_count: number;
};

type List = {
  _embedded: { reports: ListedReport[] };
  pagination: { total_count: number };
};

export const PER_PAGE = 100;
/** How long a page is taken for what it was; others change reports meanwhile. */
const FRESH_MS = 10_000;

function pageQuery(organization: string, search: ReportsSearch, page: number) {
  const parameters = parametersOf(search, Date.now());
  return {
    queryKey: ['reports', organization, parameters, page],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      api.get<List>(`/api/${organization}/reports`, {
        query: { ...parameters, page, per_page: PER_PAGE },
        signal,
      }),
    staleTime: FRESH_MS,
  };
}

/** The first page of what is looked for; until it is there, that of what was looked for before. */
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
    for (const [place, report] of (data?._embedded.reports ?? []).entries()) {
      reports[from + place] = report;
    }
  }
  return reports;
}
