import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { disconnectSignal } from '../http/abort-on-disconnect.ts';
import { HAL, halResponse } from '../http/hal.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { getDataSource } from './change-data-sources.ts';
import { KeptTrials } from './kept-trials.ts';
import { limitConcurrencyEach } from './limit-concurrency.ts';
import { QueryError } from './query-error.ts';
import { queryTrials, type TrialParts } from './try-query.ts';
import {
  MadePictures,
  PicturesToMake,
  QueryToTry,
  TriedQueryShown,
  toTriedQuery,
} from './try-query-schema.ts';

/** Of each organization; others wait for their turn, as each takes a process. */
const DRAWN_AT_ONCE = 2;

const DataSourcePath = tokenPath('Token of the data source.', 'a1f0c7d2e9b4');
/** `POST /api/{organization}/data_sources/{token}/query`: what an editor runs while a query is written. */
export function addTryQueryRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    ...parts
  }: TrialParts & { database: Database; authentication: Authentication },
): void {
  for (const schema of [QueryToTry, TriedQueryShown, PicturesToMake, MadePictures])
    app.addSchema(schema);
  const { members } = admit(app, authentication);
  const keptTrials = new KeptTrials(parts.clock);
  const tryQuery = queryTrials(parts, keptTrials);
  const turnsOf = limitConcurrencyEach(DRAWN_AT_ONCE);

  route(app, 'POST', '/api/:organization/data_sources/:token/query', {
    tag: 'Data sources',
    admits: members,
    operationId: 'tryQuery',
    summary: 'Run a query once',
    description:
      'Returns the first rows, and stores nothing unless `keep` is true. It can take 10 seconds, after which it is ' +
      'stopped, or earlier if the client disconnects. A query that fails is a 200 with the reason and, if ' +
      'the data source reports it, the line.',
    params: DataSourcePath,
    bodyLimit: BODY_LIMITS.query,
    body: reference(QueryToTry),
    answers: { 200: halResponse('Outcome of the query.', reference(TriedQueryShown)) },
    handler: async (request, reply) => {
      const { organization, member } = callerOf(request);
      const { raw_query: rawQuery, parameters: given = {}, keep = false } = request.body.query;
      const dataSource = await getDataSource(database, organization.id, request.params.token);
      const memberSlot = member?.slot ?? null;
      const asked = { organization, dataSource, rawQuery, given, keep, memberSlot };
      const tried = await tryQuery(asked, disconnectSignal(reply.raw));
      return reply.type(HAL).send(toTriedQuery(tried));
    },
  });

  route(app, 'POST', '/api/:organization/data_sources/:token/query/pictures', {
    tag: 'Data sources',
    admits: members,
    operationId: 'makePictures',
    summary: 'Preview charts of a result',
    description:
      'The picture of each chart of a kept result. Returns 404 if the result has expired, or is on ' +
      'another server of the same store: run the query again.',
    params: DataSourcePath,
    bodyLimit: BODY_LIMITS.query,
    body: reference(PicturesToMake),
    answers: { 200: halResponse('The pictures.', reference(MadePictures)) },
    handler: async (request, reply) => {
      const { organization, member } = callerOf(request);
      await getDataSource(database, organization.id, request.params.token);
      const { result, charts } = request.body.pictures;
      const asker = { organizationId: organization.id, memberSlot: member?.slot ?? null };
      const kept = keptTrials.find(result, asker);
      if (kept === undefined) throw resultGone();
      const looks = charts.map(({ chart_type: type, spec }) => ({ type, spec }));
      const signal = disconnectSignal(reply.raw);
      const pictures = await turnsOf(organization.id)(() =>
        parts.queryProcesses.draw(kept.file, looks, { cut: kept.cut, signal }),
      ).catch((error) => {
        if (error instanceof QueryError) throw couldNotDraw(error);
        throw error;
      });
      return reply.type(HAL).send(`{"pictures":[${pictures.join(',')}]}`);
    },
  });
}

function resultGone(): ApiError {
  return new ApiError(
    'not_found',
    'The result of this query has expired.',
    'Run the query again with "keep": true.',
  );
}

/** What the charts ask for is more than they may. */
function couldNotDraw({ message }: QueryError): ApiError {
  return new ApiError(
    'bad_request',
    `The charts could not be drawn: ${message}`,
    'Choose fewer columns, or group the values in the query.',
  );
}
