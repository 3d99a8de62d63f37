import { useQueries, useQueryClient } from '@tanstack/react-query';
import type { Row, Rows } from '../results/columns.ts';
import { api } from './client.ts';
import { reportKey, reportPath } from './reports.ts';

/** How many rows are read at once. */
export const BLOCK_ROWS = 200;
/** Blocks out of sight are kept for so long. */
const KEPT_MS = 60_000;

export type RowsOf = { organization: string; report: string; run: string; queryRun: string };
/** Which rows of a result, and in which order. */
export type RowsView = {
  sort: { name: string; isDown: boolean } | undefined;
  search: string;
};

type Page = { rows: Rows; row_count: number };

/** Rows of a view of a result in blocks; a block that is asked for no longer is not waited for. */
export function useRowBlocks(of: RowsOf, view: RowsView, blocks: readonly number[]) {
  const client = useQueryClient();
  const results = useQueries({
    queries: blocks.map((block) => blockQuery(of, view, block)),
  });
  const blockAt = (block: number) =>
    client.getQueryData<Page>(blockQuery(of, view, block).queryKey);
  const readBlock = (block: number) => client.fetchQuery(blockQuery(of, view, block));
  return { results, blockAt, readBlock };
}

function blockQuery(
  { organization, report, run, queryRun }: RowsOf,
  view: RowsView,
  block: number,
) {
  const parameters = new URLSearchParams();
  if (view.search !== '') parameters.set('q', view.search);
  if (view.sort) parameters.set('sort', `${view.sort.isDown ? '-' : '+'}${view.sort.name}`);
  const path = `${reportPath(organization, report)}/runs/${encodeURIComponent(run)}/query_runs/${queryRun}/rows`;
  return {
    queryKey: [...reportKey(organization, report), 'rows', queryRun, String(parameters), block],
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const rows: Row[] = [];
      // A page of long rows has fewer of them than were asked for.
      for (;;) {
        const offset = block * BLOCK_ROWS + rows.length;
        const limit = BLOCK_ROWS - rows.length;
        const page = await api.get<Page>(`${path}?${withRange(parameters, offset, limit)}`, {
          signal,
        });
        rows.push(...page.rows);
        const isLast = offset + page.rows.length >= page.row_count || page.rows.length === 0;
        if (isLast || rows.length === BLOCK_ROWS) return { rows, row_count: page.row_count };
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  };
}

function withRange(parameters: URLSearchParams, offset: number, limit: number): string {
  const all = new URLSearchParams(parameters);
  all.set('offset', String(offset));
  all.set('limit', String(limit));
  return String(all);
}
