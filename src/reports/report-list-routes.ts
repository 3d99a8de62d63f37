import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { getDataSource } from '../data-sources/change-data-sources.ts';
import { halResponse, toHalList } from '../http/hal.ts';
import { parseRestPaging, restPaging, restPagingSchema } from '../http/paging.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
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

const answers = { 200: halResponse('A page of reports.', Reports) };

/** The reports of a space, and those that use a data source. */
export function addReportListRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    reportSearch,
  }: Pick<ReportParts, 'database' | 'authentication'> & { reportSearch: ReportSearch },
): void {
  const { members } = admit(app, authentication);
  const common = { tag: 'Reports', admits: members };
  route(app, 'GET', '/api/:organization/spaces/:token/reports', {
    ...common,
    operationId: 'listReportsOfSpace',
    summary: 'List the reports of a space',
    description:
      'Oldest first, including archived reports. With `filter=archived`, only those; any other value ' +
      'is ignored.',
    params: SpacePath,
    query: readsQuery(
      Type.Object({
        ...restPagingSchema,
        filter: Type.Optional(
          Type.String({ description: 'Filter: only `archived`.', examples: ['archived'] }),
        ),
        order_by: Type.Optional(
          Type.Union(
            orderFields.map((field) => Type.Literal(field)),
            { description: 'Sort key; unknown values come last.' },
          ),
        ),
        order: Type.Optional(
          Type.Union([Type.Literal('asc'), Type.Literal('desc')], {
            description: 'Sort direction.',
          }),
        ),
      }),
    ),
    answers,
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const { query } = request;
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
      return toHalList('reports', `${self}${kept(query)}`, shown, total, paging);
    },
  });

  route(app, 'GET', '/api/:organization/data_sources/:token/reports', {
    ...common,
    operationId: 'listReportsOfDataSource',
    summary: 'List the reports that use a data source',
    description:
      'Reports that you can see with a query on it, each once, oldest first, without archived ones.',
    params: tokenPath('Token of the data source.', 'c93d5b1a7e20'),
    query: restPaging,
    answers,
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = request.query;
      const { token } = await getDataSource(database, organization.id, request.params.token);
      await refuseWhileReading(reportSearch, organization);
      const { rows, total } = await listReportsOfDataSource(
        { store: database, reportSearch },
        organization,
        { dataSource: token, reach: reachOf(await accessOf(database, organization.id, caller)) },
        paging,
      );
      const shown = await showReports(database, organization, rows);
      const self = `/api/${organization.username}/data_sources/${encodeURIComponent(token)}/reports`;
      return toHalList('reports', self, shown, total, paging);
    },
  });
}

/** What the links to other pages carry over of a query string. */
function kept(query: QueryString): string {
  const parts = ['filter', 'order_by', 'order'].flatMap((name) => {
    const value = query.get(name)?.at(-1);
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value.toWellFormed())}`];
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
