import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, requireChange, wholeList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { requireMatch, sendThing, thingResponse } from '../http/if-match.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { reference } from '../http/schema-reference.ts';
import { Chart, ChartChange, Charts, chartSchemas, NewChart } from './chart-schema.ts';
import {
  changeChart,
  chartsOfQuery,
  createChart,
  deleteChart,
  type FoundChart,
  getChart,
  type OneChart,
} from './edit-charts.ts';
import { findStoredReport } from './find-stored-report.ts';
import { QueryPath } from './query-routes.ts';
import { editorOf, type ReportParts } from './report-routes.ts';
import { reportPath } from './report-schema.ts';
import { chartState, showChart, showCharts } from './show-charts.ts';

const ChartPath = Type.Object({
  ...QueryPath.properties,
  chart: Type.String({ description: 'Token of the chart.', examples: ['77d0ba2d9c5e'] }),
});

const common = { tags: ['Queries and charts'], security: [{ apiToken: [] }] };
const refusals = errorResponses('bad_request', 'unauthorized', 'not_found');
const refusalsOfBodies = errorResponses('payload_too_large', 'unsupported_media_type');
const refusalsOfEdits = errorResponses('conflict');
const refusalsOfChanges = errorResponses('conflict', 'precondition_failed');

/** `/api/{organization}/reports/{token}/queries/{query}/charts`. */
export function addChartRoutes(app: HttpServer, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports/:token/queries/:query/charts';
  for (const schema of chartSchemas) app.addSchema(schema);
  const { members: onRequest } = admit(app, authentication);

  async function send(request: FastifyRequest, reply: FastifyReply, found: FoundChart) {
    const shown = await showChart(database, callerOf(request).organization, found);
    return sendThing(reply, shown, chartState(found));
  }

  function oneChart(request: FastifyRequest): OneChart {
    const params = request.params as { token: string; query: string; chart: string };
    const { token: report, query, chart } = params;
    const check = (found: FoundChart) => requireMatch(request, chartState(found));
    return { editor: editorOf(request, parts), report, query, chart, check };
  }

  app.get(
    path,
    {
      schema: {
        ...common,
        operationId: 'listChartsOfQuery',
        summary: 'List the charts of a query',
        description: 'In the order in which they were made. The whole list is one page.',
        params: QueryPath,
        response: { 200: halResponse('The charts.', Charts), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const { query } = request.params;
      const stored = await findStoredReport(database, request);
      const charts = chartsOfQuery(stored, query);
      const shown = await showCharts(database, organization, stored, query, charts);
      const report = reportPath(organization, stored.report.token);
      const self = `${report}/queries/${encodeURIComponent(query)}/charts`;
      return reply.type(HAL).send(wholeList('charts', self, shown));
    },
  );

  app.post(
    path,
    {
      bodyLimit: BODY_LIMITS.chart,
      schema: {
        ...common,
        operationId: 'createChart',
        summary: 'Add a chart to a query',
        description: 'For everybody who may see the report. See `docs/charts.md` for `spec`.',
        params: QueryPath,
        body: reference(NewChart),
        response: {
          201: thingResponse('The new chart.', reference(Chart)),
          ...refusals,
          ...refusalsOfBodies,
          ...refusalsOfEdits,
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const made = await createChart(database, request.body.chart, oneChart(request));
      return send(request, reply.code(201), made);
    },
  );

  app.get(
    `${path}/:chart`,
    {
      schema: {
        ...common,
        operationId: 'getChart',
        summary: 'Get a chart',
        description: 'One chart of a query.',
        params: ChartPath,
        response: { 200: thingResponse('The chart.', reference(Chart)), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { query, chart } = request.params;
      const stored = await findStoredReport(database, request);
      return send(request, reply, getChart(stored, query, chart));
    },
  );

  app.patch(
    `${path}/:chart`,
    {
      bodyLimit: BODY_LIMITS.chart,
      schema: {
        ...common,
        operationId: 'changeChart',
        summary: 'Change a chart',
        description:
          'For everybody who may see the report. A `spec` takes the place of the one before.',
        params: ChartPath,
        body: reference(ChartChange),
        response: {
          200: thingResponse('The chart as it is now.', reference(Chart)),
          ...refusals,
          ...refusalsOfBodies,
          ...refusalsOfChanges,
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const { chart } = request.body;
      requireChange(chart, Object.keys(ChartChange.properties.chart.properties));
      return send(request, reply, await changeChart(database, chart, oneChart(request)));
    },
  );

  app.delete(
    `${path}/:chart`,
    {
      schema: {
        ...common,
        operationId: 'deleteChart',
        summary: 'Delete a chart',
        description: 'Restoring a version of the report brings it back.',
        params: ChartPath,
        response: {
          204: Type.Null({ description: 'The chart is gone.' }),
          ...refusals,
          ...refusalsOfChanges,
        },
      },
      onRequest,
    },
    async (request, reply) => {
      await deleteChart(database, oneChart(request));
      return reply.code(204).send(null);
    },
  );
}
