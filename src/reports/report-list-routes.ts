import { Type } from 'typebox';
import { admit, callerOf } from '../http/admit.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, toHalList } from '../http/hal.ts';
import { parseRestPaging, restPagingSchema } from '../http/paging.ts';
import { parseQuery, type Query } from '../http/query-string.ts';
import { accessOf, getSpaceRow } from '../spaces/space-access.ts';
import { listReportsOfSpace, orderFields, parseArchiveFilter, parseOrder } from './list-reports.ts';
import { type ReportParts, SpacePath } from './report-routes.ts';
import { Reports } from './report-schema.ts';
import { showReports } from './show-reports.ts';

/** `GET /api/{organization}/spaces/{token}/reports`. */
export function addReportListRoutes(
  app: HttpServer,
  { database, authentication }: Pick<ReportParts, 'database' | 'authentication'>,
): void {
  const { members: onRequest } = admit(app, authentication);
  app.get(
    '/api/:organization/spaces/:token/reports',
    {
      schema: {
        tags: ['Reports'],
        security: [{ apiToken: [] }],
        operationId: 'listReportsOfSpace',
        summary: 'List the reports of a space',
        description:
          'Oldest first, without those that were archived. With `filter=all` these are listed too, with `filter=archived` they ' +
          'alone; any other word counts as no filter.',
        params: SpacePath,
        querystring: Type.Object({
          ...restPagingSchema,
          filter: Type.Optional(
            Type.String({ description: 'Which reports: `all` or `archived`.', examples: ['all'] }),
          ),
          order_by: Type.Optional(
            Type.Union(
              orderFields.map((field) => Type.Literal(field)),
              { description: 'What to order by; what is not known comes last.' },
            ),
          ),
          order: Type.Optional(
            Type.Union([Type.Literal('asc'), Type.Literal('desc')], {
              description: 'In which direction.',
            }),
          ),
        }),
        response: {
          200: halResponse('A page of reports.', Reports),
          ...errorResponses('bad_request', 'unauthorized', 'not_found'),
        },
      },
      // Crawlers send what other servers take; see parseQuery.
      validatorCompiler: () => () => true,
      onRequest,
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const query = parseQuery(request.raw.url ?? '');
      const paging = parseRestPaging(query);
      const asked = { filter: parseArchiveFilter(query), order: parseOrder(query) };
      const access = await accessOf(database, organization.id, caller);
      const space = await getSpaceRow(database, organization.id, access, request.params.token);
      const { rows, total } = await listReportsOfSpace(
        database,
        organization.id,
        space.slot,
        asked,
        paging,
      );
      const shown = await showReports(database, organization, rows);
      const self = `/api/${organization.username}/spaces/${encodeURIComponent(space.token)}/reports`;
      return reply
        .type(HAL)
        .send(toHalList('reports', `${self}${kept(query)}`, shown, total, paging));
    },
  );
}

/** What the links to other pages carry over of a query string. */
function kept(query: Query): string {
  const parts = ['filter', 'order_by', 'order'].flatMap((name) => {
    const value = query.get(name)?.at(-1);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value.toWellFormed())}`];
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
