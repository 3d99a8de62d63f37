import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, requireChange, wholeList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { requireMatch, sendThing, thingResponse } from '../http/if-match.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
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

const common = { tags: ['Queries and charts'], security: [{ apiToken: [] }] };
const refusals = errorResponses('bad_request', 'unauthorized', 'not_found');
const refusalsOfBodies = errorResponses('payload_too_large', 'unsupported_media_type');
const refusalsOfEdits = errorResponses('conflict');
const refusalsOfChanges = errorResponses('conflict', 'precondition_failed');

/** `/api/{organization}/reports/{token}/queries`. */
export function addQueryRoutes(app: HttpServer, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports/:token/queries';
  for (const schema of querySchemas) app.addSchema(schema);
  const { members: onRequest } = admit(app, authentication);

  async function send(request: FastifyRequest, reply: FastifyReply, found: FoundQuery) {
    const shown = await showQuery(database, callerOf(request).organization, found);
    return sendThing(reply, shown, queryState(found.query));
  }

  function oneQuery(request: FastifyRequest): OneQuery {
    const { token: report, query } = request.params as { token: string; query: string };
    const check = (row: StoredRow) => requireMatch(request, queryState(row));
    return { editor: editorOf(request, parts), report, query, check };
  }

  app.get(
    path,
    {
      schema: {
        ...common,
        operationId: 'listQueriesOfReport',
        summary: 'List the queries of a report',
        description: 'In the order in which they stand in the report. The whole list is one page.',
        params: ReportPath,
        response: { 200: halResponse('The queries.', Queries), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const stored = await findStoredReport(database, request);
      const shown = await showQueries(database, organization, stored, stored.queries);
      const self = `${reportPath(organization, stored.report.token)}/queries`;
      return reply.type(HAL).send(wholeList('queries', self, shown));
    },
  );

  app.post(
    path,
    {
      bodyLimit: BODY_LIMITS.query,
      schema: {
        ...common,
        operationId: 'createQuery',
        summary: 'Add a query to a report',
        description:
          'For everybody who may see the report. The SQL is kept as it is written; a mistake in it shows when the report runs.',
        params: ReportPath,
        body: reference(NewQuery),
        response: {
          201: thingResponse('The new query.', reference(Query)),
          ...refusals,
          ...refusalsOfBodies,
          ...refusalsOfEdits,
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const made = await createQuery(database, request.body.query, oneQuery(request));
      return send(request, reply.code(201), made);
    },
  );

  app.get(
    `${path}/:query`,
    {
      schema: {
        ...common,
        operationId: 'getQuery',
        summary: 'Get a query',
        description: 'One query of a report.',
        params: QueryPath,
        response: { 200: thingResponse('The query.', reference(Query)), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const stored = await findStoredReport(database, request);
      return send(request, reply, getQuery(stored, request.params.query));
    },
  );

  app.patch(
    `${path}/:query`,
    {
      bodyLimit: BODY_LIMITS.query,
      schema: {
        ...common,
        operationId: 'changeQuery',
        summary: 'Change a query',
        description: 'For everybody who may see the report.',
        params: QueryPath,
        body: reference(QueryChange),
        response: {
          200: thingResponse('The query as it is now.', reference(Query)),
          ...refusals,
          ...refusalsOfBodies,
          ...refusalsOfChanges,
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const { query } = request.body;
      requireChange(query, Object.keys(QueryChange.properties.query.properties));
      return send(request, reply, await changeQuery(database, query, oneQuery(request)));
    },
  );

  app.delete(
    `${path}/:query`,
    {
      schema: {
        ...common,
        operationId: 'deleteQuery',
        summary: 'Delete a query',
        description: 'With its charts. Restoring a version of the report brings them back.',
        params: QueryPath,
        response: {
          204: Type.Null({ description: 'The query is gone.' }),
          ...refusals,
          ...refusalsOfChanges,
        },
      },
      onRequest,
    },
    async (request, reply) => {
      await deleteQuery(database, oneQuery(request));
      return reply.code(204).send(null);
    },
  );
}
