import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Total } from '../../../src/charts/picture.ts';
import type { Row } from '../results/columns.ts';
import { call } from './call.ts';
import { reportKey } from './reports.ts';

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

/** Rows of a view of a result in blocks; a block that is asked for no longer is not waited for. */
export function useRowBlocks(of: RowsOf, view: RowsView, blocks: readonly number[]) {
  const client = useQueryClient();
  const results = useQueries({
    queries: blocks.map((block) => blockQuery(of, view, block)),
  });
  const blockAt = (block: number) =>
    client.getQueryData<Block>(blockQuery(of, view, block).queryKey);
  const readBlock = (block: number) => client.fetchQuery(blockQuery(of, view, block));
  return { results, blockAt, readBlock };
}

type Block = { rows: Row[]; row_count: number };

const READ_ROWS = 'GET /api/:organization/reports/:token/runs/:run/query_runs/:query_run/rows';

/** Totals of the rows that a search finds; of all rows those that are known. */
export function useTotals(of: RowsOf, search: string, ofAll: readonly Total[]) {
  const { organization, report, run, queryRun } = of;
  const asked = Map.groupBy(ofAll, ({ column }) => `total[${column}]`);
  const totals = [...asked].map(([name, those]) => [name, those.map(({ aggregate }) => aggregate)]);
  const { data, error } = useQuery({
    queryKey: [...reportKey(organization, report), 'totals', queryRun, search, totals],
    queryFn: ({ signal }) =>
      call(READ_ROWS, {
        params: { organization, token: report, run, query_run: queryRun },
        query: { q: search, limit: 1, ...Object.fromEntries(totals) },
        signal,
      }),
    enabled: search !== '' && ofAll.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
  return { totals: search === '' ? ofAll : data?.totals, error };
}

function blockQuery(
  { organization, report, run, queryRun }: RowsOf,
  { search, sort }: RowsView,
  block: number,
) {
  const view = { q: search, sort: sort && `${sort.isDown ? '-' : '+'}${sort.name}` };
  return {
    queryKey: [...reportKey(organization, report), 'rows', queryRun, view, block],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<Block> => {
      const rows: Row[] = [];
      // A page of long rows has fewer of them than were asked for.
      for (;;) {
        const offset = block * BLOCK_ROWS + rows.length;
        const page = await call(READ_ROWS, {
          params: { organization, token: report, run, query_run: queryRun },
          query: { ...view, offset, limit: BLOCK_ROWS - rows.length },
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
