import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { totalAggregates } from '../charts/chart-words.ts';
import type { Total } from '../charts/picture.ts';
import { filterOperators, type RowsPage, type RowTotal } from '../data-sources/rows-view.ts';
import type { Database } from '../database/database.ts';
import { disconnectSignal } from '../http/abort-on-disconnect.ts';
import { readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { sendJsonText } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { toJson, withJson } from '../http/with-json.ts';
import { getQueryRun, QueryRunPath } from './find-runs.ts';
import { noResults } from './get-result.ts';
import type { OpenResults } from './open-results.ts';
import { DEFAULT_ROWS, MAX_ROWS, parseRowsView } from './parse-rows-view.ts';
import { Rows } from './run-schema.ts';

type Parts = { database: Database; authentication: Authentication; openResults: OpenResults };

/** Rows of kept results by range, sorted and filtered. */
export function addRowRoutes(
  app: FastifyInstance,
  { database, authentication, openResults }: Parts,
): void {
  const { members } = admit(app, authentication);
  app.addSchema(Rows);

  route(app, 'GET', '/api/:organization/reports/:token/runs/:run/query_runs/:query_run/rows', {
    tag: 'Results',
    admits: members,
    operationId: 'listRows',
    summary: 'List rows of a result',
    description:
      'Any range of rows, sorted and filtered. Rows that are equal in the columns of `sort` keep the order of the ' +
      'result. A cell longer than 1,000,000 / (columns × `limit`) characters, and than 1,000, is truncated; a page that would be ' +
      'larger than about 1 MB has fewer rows than `limit`.',
    params: QueryRunPath,
    query: readsQuery(RowsQuery),
    answers: {
      200: {
        description: 'The rows.',
        content: { 'application/json': { schema: reference(Rows) } },
      },
    },
    refuses: ['queue_full'],
    handler: async (request, reply) => {
      const { organization, run, queryRun } = await getQueryRun(database, request);
      const { result } = queryRun;
      if (result === null || run.expiredAt !== null) throw noResults();
      const asked = parseRowsView(request.query, result.columns);
      const page = await openResults.page(
        organization.id,
        queryRun,
        asked,
        disconnectSignal(reply.raw),
      );
      const about = {
        columns: result.columns,
        row_count: page.rowCount,
        total_count: result.rows,
        ...(asked.totals.length > 0 && { totals: shownTotals(asked.totals, page, result.columns) }),
        ...asked.range,
      };
      addVary(reply, 'Accept-Encoding');
      reply.header('cache-control', 'private, no-cache');
      return sendJsonText(request, reply, toJson(withJson(about, 'rows', page.rows)));
    },
  });
}

function shownTotals(
  asked: readonly RowTotal[],
  { totals }: RowsPage,
  columns: readonly { name: string }[],
): Total[] {
  return totals.map(({ value, leftOut }, index) => {
    const { column, aggregate } = asked[index] as RowTotal;
    return { column: columns[column]?.name ?? '', aggregate, value, left_out: leftOut };
  });
}

const RowsQuery = Type.Object({
  offset: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: 'Number of rows to skip.' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_ROWS,
      default: DEFAULT_ROWS,
      description: 'Maximum number of rows.',
    }),
  ),
  sort: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Column to sort by, `-column` for descending; repeat it for several. Put another `+` before a name that begins with `-` or `+`.',
    }),
  ),
  q: Type.Optional(Type.String({ description: 'Text in any cell of the row, ignoring case.' })),
  total: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: `Totals of all matching rows, whatever the range: \`total[column]=aggregate\`, with one of ${totalAggregates.join(', ')}. Repeat it for several. \`sum\` and \`avg\` take numeric columns.`,
    }),
  ),
  filter: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: `Conditions on columns: \`filter[column]=operator:value\`, with one of ${filterOperators.join(', ')}; the last two take no value. All have to match.`,
    }),
  ),
});
