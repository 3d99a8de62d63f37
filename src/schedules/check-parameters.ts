import { systemClock } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { lists } from '../inventory/lists.ts';
import { listQueriesInOrder } from '../inventory/query-order.ts';
import { readRow } from '../inventory/row.ts';
import type { StoredRow } from '../inventory/row-store.ts';

/**
 * Lets through values that the queries of a report take. A report with a query that cannot be read takes any: its runs
 * fail, and say why. Not within a transaction: reading the queries takes as long as those who wrote them like.
 *
 * @throws ApiError bad_request, which names the parameter.
 */
export async function requireParameters(
  store: Store,
  organizationId: number,
  report: StoredRow,
  given: Record<string, unknown>,
  templates: Templates,
): Promise<void> {
  const rows = await listQueriesInOrder(store, organizationId, report);
  const texts = rows.map(({ body }) => {
    const { raw_query: text } = readRow(lists.queries, { body });
    return text ?? '';
  });
  const asked = { texts, given, nowMs: systemClock() };
  const read = await templates.carryOut(organizationId, 'read', asked);
  if (read?.refusal === undefined || read.hasUnreadable) return;
  const { parameter, message } = read.refusal;
  throw new ApiError('bad_request', `Field report_schedule.params.${parameter}: ${message}`);
}
