import { callerOf } from '../callers/admit.ts';
import type { Queries } from '../database/database.ts';
import type { RouteRequest } from '../http/route.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { loadReport, type StoredReport } from './report-rows.ts';

/** The report that a path names, with all that is in it, if the caller may see it. @throws ApiError not_found */
export async function findStoredReport(
  queries: Queries,
  request: RouteRequest<{ token: string }>,
): Promise<StoredReport> {
  const caller = callerOf(request);
  const { id } = caller.organization;
  const access = await accessOf(queries, id, caller);
  return loadReport(queries, id, await getReportRow(queries, id, access, request.params.token));
}
