import type { Queries } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { listQueriesInOrder } from '../inventory/query-order.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { effectiveParameters, ParameterError } from '../sql-templates/parameters.ts';
import { parseQuery } from '../sql-templates/query-template.ts';
import { QueryTemplateError } from '../sql-templates/query-template-error.ts';

/**
 * Lets through values that the queries of a report take. A report with a query that cannot be read takes any: its runs
 * fail, and say why.
 *
 * @throws ApiError bad_request, which names the parameter.
 */
export async function requireParameters(
  queries: Queries,
  organizationId: number,
  report: StoredRow,
  parameters: Record<string, unknown>,
): Promise<void> {
  const rows = await listQueriesInOrder(queries, organizationId, report);
  try {
    const templates = rows.map(({ body }) => {
      const { raw_query: text } = JSON.parse(String(body)) as { raw_query: string | null };
      return parseQuery(text ?? '');
    });
    effectiveParameters(templates, parameters);
  } catch (error) {
    if (error instanceof QueryTemplateError) return;
    if (!(error instanceof ParameterError)) throw error;
    throw new ApiError(
      'bad_request',
      `Field report_schedule.params.${error.parameter}: ${error.message}`,
    );
  }
}
