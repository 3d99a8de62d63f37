import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { getDataSource } from '../data-sources/change-data-sources.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, toHalList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { parseRestPaging, restPagingSchema } from '../http/paging.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { parseQuery, type Query } from '../http/query-string.ts';
import { refuseWhileReading } from '../report-index/answer-reading.ts';
import type { ReportSearch } from '../report-index/report-search.ts';
import { accessOf, getSpaceRow, reachOf } from '../spaces/space-access.ts';
import {
  listReportsOfDataSource,
  listReportsOfSpace,
  orderFields,
  parseArchiveFilter,
  parseOrder,
} from './list-reports.ts';
import { type ReportParts, SpacePath } from './report-routes.ts';
import { Reports } from './report-schema.ts';
import { showReports } from './show-reports.ts';

const common = { tags: ['Reports'], security: [{ apiToken: [] }] };
const response = {
  200: halResponse('A page of reports.', Reports),
  ...errorResponses('bad_request', 'unauthorized', 'not_found'),
};

/** The reports of a space, and those that use a data source. */
export function addReportListRoutes(
  app: HttpServer,
  {
    database,
    authentication,
    reportSearch,
  }: Pick<ReportParts, 'database' | 'authentication'> & { reportSearch: ReportSearch },
): void {
  const { members: onRequest } = admit(app, authentication);
  app.get(
    '/api/:organization/spaces/:token/reports',
    {
      schema: {
        ...common,
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
        response,
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

  app.get(
    '/api/:organization/data_sources/:token/reports',
    {
      schema: {
        ...common,
        operationId: 'listReportsOfDataSource',
        summary: 'List the reports that use a data source',
        description:
          'Those that you may see and that have a query on it, each once, oldest first, without those that were archived.',
        params: tokenPath('Token of the data source.', 'c93d5b1a7e20'),
        querystring: Type.Object(restPagingSchema),
        response,
      },
      // Crawlers send what other servers take; see parseQuery.
      validatorCompiler: () => () => true,
      onRequest,
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = parseRestPaging(parseQuery(request.raw.url ?? ''));
      const { token } = await getDataSource(database, organization.id, request.params.token);
      await refuseWhileReading(reportSearch, organization);
      const { rows, total } = await listReportsOfDataSource(
        { queries: database, reportSearch },
        organization,
        { dataSource: token, reach: reachOf(await accessOf(database, organization.id, caller)) },
        paging,
      );
      const shown = await showReports(database, organization, rows);
      const self = `/api/${organization.username}/data_sources/${encodeURIComponent(token)}/reports`;
      return reply.type(HAL).send(toHalList('reports', self, shown, total, paging));
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
