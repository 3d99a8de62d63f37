import type { Static } from 'typebox';
import { listDataSources } from '../data-sources/data-source-store.ts';
import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { findStandIn } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import { findNewestRunOf, listBriefQueryRuns } from '../runs/run-store.ts';
import { findCreators } from './creators.ts';
import type { FoundQuery } from './edit-queries.ts';
import { type Query, toQuery } from './query-schema.ts';
import type { StoredReport } from './report-rows.ts';

/** Queries of a report as the REST API shows them. */
export async function showQueries(
  store: Store,
  organization: Organization,
  { report, charts, details }: StoredReport,
  stored: readonly StoredRow[],
): Promise<Static<typeof Query>[]> {
  const rows = stored.map((row) => readRow(lists.queries, row));
  const known = stored.map(({ slot }) => details.get(slot));
  const dataSources = await listDataSources(store, organization.id);
  const idOf = new Map(dataSources.map(({ id, token }) => [token, id]));
  const creators = await findCreators(
    store,
    organization.id,
    rows.map(({ creator_email: email }, index) => ({
      slot: known[index]?.creatorSlot ?? null,
      email,
    })),
  );
  const standIn = await findStandIn(store, organization.id);
  const lastRuns = await lastQueryRuns(store, organization.id, report);
  const shown = charts.map((chart) => readRow(lists.charts, chart).query_token);
  return rows.map((row, index) =>
    toQuery(organization, row, {
      report: readRow(lists.reports, report),
      createdAt: known[index]?.createdAt ?? null,
      updatedAt: known[index]?.updatedAt ?? null,
      chartCount: shown.filter((token) => token === row.token).length,
      dataSourceId: idOf.get(row.data_source_token ?? ''),
      creator: creators[index]?.token ?? standIn,
      lastRun: lastRuns.get(row.token) ?? null,
    }),
  );
}

/** The tokens of the query runs of a report's newest run, by the tokens of their queries. */
async function lastQueryRuns(
  store: Store,
  organizationId: number,
  { slot }: StoredRow,
): Promise<Map<string, string>> {
  const run = await findNewestRunOf(store, organizationId, { reportSlot: slot });
  const brief = run ? await listBriefQueryRuns(store, organizationId, run.number) : [];
  return new Map(brief.map(({ queryToken, token }) => [queryToken, token]));
}

/** One query as the REST API shows it. */
export async function showQuery(
  store: Store,
  organization: Organization,
  { stored, query }: FoundQuery,
): Promise<Static<typeof Query>> {
  const [shown] = await showQueries(store, organization, stored, [query]);
  return shown as Static<typeof Query>;
}

/** What of a query stands behind its ETag: what people change of it. */
export function queryState(stored: StoredRow): object {
  const { name, raw_query, data_source_token } = readRow(lists.queries, stored);
  return { name, raw_query, data_source_token };
}
