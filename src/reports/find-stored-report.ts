import { callerOf } from '../callers/admit.ts';
import type { Store } from '../database/database.ts';
import type { RouteRequest } from '../http/route.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { loadReport, type StoredReport } from './report-rows.ts';

/** The report that a path names, with all that is in it, if the caller may see it. @throws ApiError not_found */
export async function findStoredReport(
  store: Store,
  request: RouteRequest<{ token: string }>,
): Promise<StoredReport> {
  const caller = callerOf(request);
  const { id } = caller.organization;
  const access = await accessOf(store, id, caller);
  return loadReport(store, id, await getReportRow(store, id, access, request.params.token));
}
