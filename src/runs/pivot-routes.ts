import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { lookOf } from '../charts/chart-types.ts';
import { Picture } from '../charts/picture.ts';
import type { PivotRange } from '../data-sources/pivot-range.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { disconnectSignal } from '../http/abort-on-disconnect.ts';
import { wholeNumber } from '../http/paging.ts';
import { type QueryString, readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { sendJsonText } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { getRunChart, ofSpec, RunChartPath } from './find-run-charts.ts';
import type { OpenResults } from './open-results.ts';

type Parts = { database: Database; authentication: Authentication; openResults: OpenResults };

const MAX_ROWS = 1_000;
const MAX_COLUMNS = 200;
const FARTHEST = 1_000_000_000;

/** Parts of pivot tables, which can have more cells than a picture. */
export function addPivotRoutes(
  app: FastifyInstance,
  { database, authentication, openResults }: Parts,
): void {
  const { members } = admit(app, authentication);
  route(app, 'GET', '/api/:organization/reports/:token/runs/:run/charts/:chart/cells', {
    tag: 'Runs',
    admits: members,
    operationId: 'getPivotCells',
    summary: 'Get part of a pivot table',
    description:
      'A picture of these rows and columns of a pivot table; `part` has the size of the whole. It has fewer rows than ' +
      '`limit` if it would be larger than 30,000 cells or 1 MB.',
    params: RunChartPath,
    query: readsQuery(CellsQuery),
    answers: {
      200: {
        description: 'That part of the pivot table.',
        content: { 'application/json': { schema: reference(Picture) } },
      },
    },
    refuses: ['queue_full'],
    handler: async (request, reply) => {
      const range = rangeIn(request.query);
      const { organization, chart, queryRun } = await getRunChart(database, request);
      const { type, spec } = chart;
      if (lookOf(type).shape !== 'pivot')
        throw new ApiError(
          'bad_request',
          `The chart is a ${type}; only a pivotTable has cells.`,
          'Read its picture instead.',
        );
      const asked = { chart: { type, spec }, range };
      const picture = await openResults.pivot(
        organization.id,
        queryRun,
        asked,
        disconnectSignal(reply.raw),
      );
      addVary(reply, 'Accept-Encoding');
      reply.header('cache-control', 'private, no-cache');
      return sendJsonText(request, reply, picture);
    },
  });
}

const CellsQuery = Type.Object({
  offset: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: 'Number of rows to skip.' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_ROWS,
      default: 100,
      description: 'Maximum number of rows.',
    }),
  ),
  column_offset: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: 'Number of columns to skip.' }),
  ),
  column_limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_COLUMNS,
      default: 50,
      description: 'Maximum number of columns.',
    }),
  ),
  spec: ofSpec,
});

/** @throws ApiError bad_request */
function rangeIn(query: QueryString): PivotRange {
  const from = { least: 0, most: FARTHEST, otherwise: 0 };
  return {
    row: wholeNumber(query, 'offset', from),
    rows: wholeNumber(query, 'limit', { least: 1, most: MAX_ROWS, otherwise: 100 }),
    column: wholeNumber(query, 'column_offset', from),
    columns: wholeNumber(query, 'column_limit', { least: 1, most: MAX_COLUMNS, otherwise: 50 }),
  };
}
