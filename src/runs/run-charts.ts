import type { ChartSpec } from '../charts/chart-spec.ts';
import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import { findRowDetails } from '../inventory/row-detail-store.ts';
import { findRows, type StoredRow } from '../inventory/row-store.ts';

/** A chart as it was when a run was asked for, or is now. */
export type RunChart = {
  token: string;
  queryToken: string;
  type: string | null;
  title: string | null;
  spec: ChartSpec | null;
};

/** The charts of a report as they are now, in the order in which they were made. */
export async function listChartsOf(
  store: Store,
  organizationId: number,
  report: StoredRow,
): Promise<RunChart[]> {
  const rows = await findRows(store, organizationId, lists.charts, 'parent', [report.slot]);
  const slots = rows.map(({ slot }) => slot);
  const details = await findRowDetails(store, organizationId, slots);
  return rows
    .toSorted((a, b) => a.slot - b.slot)
    .flatMap(({ body, slot }) => {
      const row = readRow(lists.charts, { body });
      if (row.query_token === null) return [];
      const content = details.get(slot)?.content;
      return {
        token: row.token,
        queryToken: row.query_token,
        type: row.chart_type,
        title: row.chart_title,
        spec: content ? (JSON.parse(content) as ChartSpec) : null,
      };
    });
}
