import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { halResponse, requireChange, wholeList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import {
  changeQuery,
  createQuery,
  deleteQuery,
  type FoundQuery,
  getQuery,
  type OneQuery,
} from './edit-queries.ts';
import { findStoredReport } from './find-stored-report.ts';
import { NewQuery, Queries, Query, QueryChange, querySchemas } from './query-schema.ts';
import { editorOf, type ReportParts, ReportPath } from './report-routes.ts';
import { reportPath } from './report-schema.ts';
import { queryState, showQueries, showQuery } from './show-queries.ts';

export const QueryPath = Type.Object({
  ...ReportPath.properties,
  query: Type.String({ description: 'Token of the query.', examples: ['a5f2cd4f3ad1'] }),
});

/** `/api/{organization}/reports/{token}/queries`. */
export function addQueryRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports/:token/queries';
  for (const schema of querySchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Queries and charts', admits: members };

  async function send(request: FastifyRequest, reply: FastifyReply, found: FoundQuery) {
    const shown = await showQuery(database, callerOf(request).organization, found);
    return withEtag(reply, shown, queryState(found.query));
  }

  function oneQuery(request: RouteRequest<{ token: string; query: string }>): OneQuery {
    const { token: report, query } = request.params;
    const check = (row: StoredRow) => requireMatch(request, queryState(row));
    return { editor: editorOf(request, parts), report, query, check };
  }

  route(app, 'GET', path, {
    ...common,
    operationId: 'listQueriesOfReport',
    summary: 'List the queries of a report',
    description: 'In the order of the report. The list is not paged.',
    params: ReportPath,
    answers: { 200: halResponse('The queries.', Queries) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const stored = await findStoredReport(database, request);
      const shown = await showQueries(database, organization, stored, stored.queries);
      const self = `${reportPath(organization, stored.report.token)}/queries`;
      return wholeList('queries', self, shown);
    },
  });

  route(app, 'POST', path, {
    ...common,
    operationId: 'createQuery',
    summary: 'Add a query to a report',
    description:
      'Anyone who can see the report can do this. The SQL is stored as written; errors in it appear when the report runs.',
    params: ReportPath,
    bodyLimit: BODY_LIMITS.query,
    body: reference(NewQuery),
    answers: { 201: thingResponse('The new query.', reference(Query)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const of = { editor: editorOf(request, parts), report: request.params.token };
      const made = await createQuery(database, request.body.query, of);
      return send(request, reply, made);
    },
  });

  route(app, 'GET', `${path}/:query`, {
    ...common,
    operationId: 'getQuery',
    summary: 'Get a query',
    description: 'One query of a report.',
    params: QueryPath,
    answers: { 200: thingResponse('The query.', reference(Query)) },
    handler: async (request, reply) => {
      const stored = await findStoredReport(database, request);
      return send(request, reply, getQuery(stored, request.params.query));
    },
  });

  route(app, 'PATCH', `${path}/:query`, {
    ...common,
    operationId: 'changeQuery',
    summary: 'Change a query',
    description: 'Anyone who can see the report can do this.',
    params: QueryPath,
    bodyLimit: BODY_LIMITS.query,
    body: reference(QueryChange),
    answers: { 200: thingResponse('The changed query.', reference(Query)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const { query } = request.body;
      requireChange(reply, query, Object.keys(QueryChange.properties.query.properties));
      return send(request, reply, await changeQuery(database, query, oneQuery(request)));
    },
  });

  route(app, 'DELETE', `${path}/:query`, {
    ...common,
    operationId: 'deleteQuery',
    summary: 'Delete a query',
    description: 'Deletes its charts, too. Restore a version of the report to undo this.',
    params: QueryPath,
    answers: { 204: Type.Null({ description: 'The query was deleted.' }) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request) => {
      await deleteQuery(database, oneQuery(request));
      return null;
    },
  });
}
