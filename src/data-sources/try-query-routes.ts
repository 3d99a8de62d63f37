import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { hungUp } from '../http/hung-up.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { reference } from '../http/schema-reference.ts';
import { getDataSource } from './change-data-sources.ts';
import { queryTrials, type TrialParts } from './try-query.ts';
import { QueryToTry, TriedQueryShown, toTriedQuery } from './try-query-schema.ts';

/** `POST /api/{organization}/data_sources/{token}/query`: what an editor runs while a query is written. */
export function addTryQueryRoutes(
  app: HttpServer,
  {
    database,
    authentication,
    ...parts
  }: TrialParts & { database: Database; authentication: Authentication },
): void {
  for (const schema of [QueryToTry, TriedQueryShown]) app.addSchema(schema);
  const { members: onRequest } = admit(app, authentication);
  const tryQuery = queryTrials(parts);

  app.post(
    '/api/:organization/data_sources/:token/query',
    {
      bodyLimit: BODY_LIMITS.query,
      schema: {
        operationId: 'tryQuery',
        tags: ['Data sources'],
        summary: 'Run a query once',
        description:
          'For an editor: the first rows are answered, and nothing is kept. It may take 10 seconds, after which it is ' +
          'stopped, as it is when the caller hangs up. That the query fails is an answer too: a 200 that says why and, where ' +
          'the data source tells, at which line.',
        params: tokenPath('Token of the data source.', 'a1f0c7d2e9b4'),
        body: reference(QueryToTry),
        response: {
          200: halResponse('What came of it.', reference(TriedQueryShown)),
          ...errorResponses(
            'bad_request',
            'unauthorized',
            'not_found',
            'payload_too_large',
            'unsupported_media_type',
          ),
        },
        security: [{ apiToken: [] }],
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const { raw_query: rawQuery, parameters: given = {} } = request.body.query;
      const dataSource = await getDataSource(database, organization.id, request.params.token);
      const asked = { organization, dataSource, rawQuery, given };
      const tried = await tryQuery(asked, hungUp(reply.raw));
      return reply.type(HAL).send(toTriedQuery(tried) as never);
    },
  );
}
