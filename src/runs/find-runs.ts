import { Type } from 'typebox';
import { callerOf } from '../callers/admit.ts';
import type { Store } from '../database/database.ts';
import { tokenPath } from '../http/path-parameters.ts';
import type { RouteRequest } from '../http/route.ts';
import { lists } from '../inventory/lists.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { accessOf, getReportRow, notFound } from '../spaces/space-access.ts';
import type { QueryRun, Run } from './run.ts';
import { runOfRow } from './run-of-row.ts';
import { findDefaultRun, findQueryRun, findRun } from './run-store.ts';

const run = Type.String({
  description:
    'Token of the run, or `default` for the run that the report shows: the last successful one that a schedule started or that has the default values of all parameters; if there is none, the last successful run.',
  examples: ['3ffcbb7b2c63'],
});
const queryRun = Type.String({
  description: 'Token of the query run.',
  examples: ['9d8b7a6c5e4f'],
});

/** The parameters of the paths of runs. */
export const ReportPath = tokenPath('Token of the report.', 'bfe4fc361d9f');
export const RunPath = Type.Object({ ...ReportPath.properties, run });
export const QueryRunPath = Type.Object({ ...RunPath.properties, query_run: queryRun });

export type OfReport = { organization: Organization; report: StoredRow };
export type OfRun = OfReport & { run: Run };
export type OfQueryRun = OfRun & { queryRun: QueryRun };

/** The report that a path names, if the caller may see it. @throws ApiError not_found */
export async function getReport(
  store: Store,
  request: RouteRequest<{ token: string }>,
): Promise<OfReport> {
  const caller = callerOf(request);
  const { organization } = caller;
  const access = await accessOf(store, organization.id, caller);
  const report = await getReportRow(store, organization.id, access, request.params.token);
  return { organization, report };
}

/** The run of a report that a path names. @throws ApiError not_found */
export async function getRun(
  store: Store,
  request: RouteRequest<{ token: string; run: string }>,
): Promise<OfRun> {
  const of = await getReport(store, request);
  const { id } = of.organization;
  const { run } = request.params;
  const found = await (run === 'default'
    ? findDefaultRun(store, id, of.report.slot)
    : findRun(store, id, run));
  if (found?.reportSlot === of.report.slot) return { ...of, run: found };
  const told = runOfRow(of.report.slot, readRow(lists.reports, of.report));
  if (found === undefined && told?.token === run) return { ...of, run: told };
  throw notFound('run');
}

/** The query of a run that a path names. @throws ApiError not_found */
export async function getQueryRun(
  store: Store,
  request: RouteRequest<{ token: string; run: string; query_run: string }>,
): Promise<OfQueryRun> {
  const of = await getRun(store, request);
  const { query_run: token } = request.params;
  const found = await findQueryRun(store, of.organization.id, of.run.number, token);
  if (found === undefined) throw notFound('query run');
  return { ...of, queryRun: found };
}
