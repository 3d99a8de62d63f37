import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { Picture } from '../charts/picture.ts';
import type { Database } from '../database/database.ts';
import { halResponse, wholeList } from '../http/hal.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { readsQuery } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { sendJsonText } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { findRunCharts, getRunChart, ofSpec, RunChartPath } from './find-run-charts.ts';
import { getRun, RunPath } from './find-runs.ts';
import { pictureMaker } from './get-picture.ts';
import type { ResultParts } from './get-result.ts';
import { ChartOfRun, ChartsOfRun } from './run-chart-schema.ts';
import { runsPath } from './run-schema.ts';

type Parts = ResultParts & { database: Database; authentication: Authentication };

/** The charts of a run, and what each shows of its result. */
export function addPictureRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication } = parts;
  for (const schema of [Picture, ChartOfRun]) app.addSchema(schema);
  const path = '/api/:organization/reports/:token/runs/:run/charts';
  const { members } = admit(app, authentication);
  const common = { tag: 'Runs', admits: members };
  const getPicture = pictureMaker(parts);

  route(app, 'GET', path, {
    ...common,
    operationId: 'listRunCharts',
    summary: 'List the charts of a run',
    description: 'As they were at the time of the run, in the order of their creation.',
    params: RunPath,
    answers: { 200: halResponse('The charts.', ChartsOfRun) },
    handler: async (request) => {
      const of = await getRun(database, request);
      const self = `${runsPath(of.organization, of.report.token)}/${of.run.token}/charts`;
      const shown = (await findRunCharts(database, of)).map((chart) => ({
        token: chart.token,
        query_token: chart.queryToken,
        chart_type: chart.type,
        chart_title: chart.title,
        spec: chart.spec,
        _links: { picture: { href: `${self}/${encodeURIComponent(chart.token)}/picture` } },
      }));
      return wholeList('charts', self, shown);
    },
  });

  route(app, 'GET', `${path}/:chart/picture`, {
    ...common,
    operationId: 'getPicture',
    summary: 'Get a picture of a chart',
    description:
      'Computed from the whole result, not from its first rows. `notes` lists what was aggregated, grouped, sampled or ' +
      'left out. With `spec=current`, the current chart; otherwise the chart at the time of the run. The ' +
      'first request for a picture can take some seconds.',
    params: RunChartPath,
    query: readsQuery(Type.Object({ spec: ofSpec })),
    answers: {
      200: {
        description: 'The picture.',
        headers: { etag: Type.String({ description: 'Send it as `If-None-Match`.' }) },
        content: { 'application/json': { schema: reference(Picture) } },
      },
      304: Type.Unsafe<undefined>({ description: 'The picture has not changed.' }),
    },
    handler: async (request, reply) => {
      const { organization, chart, queryRun } = await getRunChart(database, request);
      const picture = await getPicture(organization.id, queryRun, chart);
      const etag = `"${createHash('sha256').update(picture).digest('base64url').slice(0, 22)}"`;
      addVary(reply, 'Accept-Encoding');
      reply.header('etag', `W/${etag}`).header('cache-control', 'private, no-cache');
      if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
      return sendJsonText(request, reply, picture);
    },
  });
}
