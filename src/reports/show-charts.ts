import type { Static } from 'typebox';
import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { type Chart, toChart } from './chart-schema.ts';
import { findCreators } from './creators.ts';
import type { FoundChart } from './edit-charts.ts';
import { contentOf, type StoredReport } from './report-rows.ts';

/** Charts of one query as the REST API shows them. */
export async function showCharts(
  store: Store,
  organization: Organization,
  stored: StoredReport,
  queryToken: string,
  charts: readonly StoredRow[],
): Promise<Static<typeof Chart>[]> {
  const report = readRow(lists.reports, stored.report);
  const specs = new Map(
    contentOf(stored).queries.flatMap(({ charts }) =>
      charts.map(({ token, spec }) => [token, spec]),
    ),
  );
  // Who made an imported chart is not known, and most likely who made its report.
  const creators = await findCreators(
    store,
    organization.id,
    charts.map(({ slot }) => ({
      slot: stored.details.get(slot)?.creatorSlot ?? null,
      email: report.creator_email,
    })),
  );
  return charts.map((chart, index) =>
    toChart(organization, readRow(lists.charts, chart), {
      report,
      queryToken,
      spec: specs.get(chart.token) ?? null,
      createdAt: stored.details.get(chart.slot)?.createdAt ?? null,
      updatedAt: stored.details.get(chart.slot)?.updatedAt ?? null,
      creator: creators[index]?.token,
    }),
  );
}

/** One chart as the REST API shows it. */
export async function showChart(
  store: Store,
  organization: Organization,
  { stored, query, chart }: FoundChart,
): Promise<Static<typeof Chart>> {
  const [shown] = await showCharts(store, organization, stored, query.token, [chart]);
  return shown as Static<typeof Chart>;
}

/** What of a chart stands behind its ETag: what people change of it. */
export function chartState({ stored, chart }: FoundChart): object {
  const { chart_type, chart_title } = readRow(lists.charts, chart);
  return { chart_type, chart_title, spec: stored.details.get(chart.slot)?.content ?? null };
}
