import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { halResponse, requireChange, wholeList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type RouteRequest, route } from '../http/route.ts';
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

/** `/api/{organization}/reports/{token}/queries/{query}/charts`. */
export function addChartRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports/:token/queries/:query/charts';
  for (const schema of chartSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Queries and charts', admits: members };

  async function send(request: FastifyRequest, reply: FastifyReply, found: FoundChart) {
    const shown = await showChart(database, callerOf(request).organization, found);
    return withEtag(reply, shown, chartState(found));
  }

  function oneChart(
    request: RouteRequest<{ token: string; query: string; chart: string }>,
  ): OneChart {
    const { token: report, query, chart } = request.params;
    const check = (found: FoundChart) => requireMatch(request, chartState(found));
    return { editor: editorOf(request, parts), report, query, chart, check };
  }

  route(app, 'GET', path, {
    ...common,
    operationId: 'listChartsOfQuery',
    summary: 'List the charts of a query',
    description: 'In the order of their creation. The list is not paged.',
    params: QueryPath,
    answers: { 200: halResponse('The charts.', Charts) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const { query } = request.params;
      const stored = await findStoredReport(database, request);
      const charts = chartsOfQuery(stored, query);
      const shown = await showCharts(database, organization, stored, query, charts);
      const report = reportPath(organization, stored.report.token);
      const self = `${report}/queries/${encodeURIComponent(query)}/charts`;
      return wholeList('charts', self, shown);
    },
  });

  route(app, 'POST', path, {
    ...common,
    operationId: 'createChart',
    summary: 'Add a chart to a query',
    description: 'Anyone who can see the report can do this. See `docs/charts.md` for `spec`.',
    params: QueryPath,
    bodyLimit: BODY_LIMITS.chart,
    body: reference(NewChart),
    answers: { 201: thingResponse('The new chart.', reference(Chart)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const { token: report, query } = request.params;
      const of = { editor: editorOf(request, parts), report, query };
      const made = await createChart(database, request.body.chart, of);
      return send(request, reply, made);
    },
  });

  route(app, 'GET', `${path}/:chart`, {
    ...common,
    operationId: 'getChart',
    summary: 'Get a chart',
    description: 'One chart of a query.',
    params: ChartPath,
    answers: { 200: thingResponse('The chart.', reference(Chart)) },
    handler: async (request, reply) => {
      const { query, chart } = request.params;
      const stored = await findStoredReport(database, request);
      return send(request, reply, getChart(stored, query, chart));
    },
  });

  route(app, 'PATCH', `${path}/:chart`, {
    ...common,
    operationId: 'changeChart',
    summary: 'Change a chart',
    description: 'Anyone who can see the report can do this. A `spec` replaces the previous one.',
    params: ChartPath,
    bodyLimit: BODY_LIMITS.chart,
    body: reference(ChartChange),
    answers: { 200: thingResponse('The changed chart.', reference(Chart)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const { chart } = request.body;
      requireChange(reply, chart, Object.keys(ChartChange.properties.chart.properties));
      return send(request, reply, await changeChart(database, chart, oneChart(request)));
    },
  });

  route(app, 'DELETE', `${path}/:chart`, {
    ...common,
    operationId: 'deleteChart',
    summary: 'Delete a chart',
    description: 'Restore a version of the report to undo this.',
    params: ChartPath,
    answers: { 204: Type.Null({ description: 'The chart was deleted.' }) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request) => {
      await deleteChart(database, oneChart(request));
      return null;
    },
  });
}
