import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { Picture } from '../charts/picture.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { chooseEncoding } from '../http/content-encoding.ts';
import { halResponse, wholeList } from '../http/hal.ts';
import { matchesEtag } from '../http/if-none-match.ts';
import { singleValue } from '../http/paging.ts';
import type { QueryString } from '../http/query-string.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { sendEncoded } from '../http/send-encoded.ts';
import { addVary } from '../http/vary.ts';
import { notFound } from '../spaces/space-access.ts';
import { getRun, type OfRun, RunPath } from './find-runs.ts';
import { pictureMaker } from './get-picture.ts';
import { noResults, type ResultParts } from './get-result.ts';
import { findChartsOfRun } from './picture-store.ts';
import { ChartOfRun, ChartsOfRun } from './run-chart-schema.ts';
import { listChartsOf, type RunChart } from './run-charts.ts';
import { runsPath } from './run-schema.ts';
import { listBriefQueryRuns } from './run-store.ts';

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
    description: 'As they were when the run was requested, in the order of their creation.',
    params: RunPath,
    answers: { 200: halResponse('The charts.', ChartsOfRun) },
    handler: async (request) => {
      const of = await getRun(database, request);
      const self = `${runsPath(of.organization, of.report.token)}/${of.run.token}/charts`;
      const shown = (await chartsOf(of)).map((chart) => ({
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
    summary: 'Get what a chart shows',
    description:
      'Computed from the whole result, not from its first rows. `notes` lists what was aggregated, grouped, sampled or ' +
      'left out. With `spec=current`, the chart as it is now; otherwise as it was when the run was requested. The ' +
      'first request for a picture can take some seconds.',
    params: Type.Object({
      ...RunPath.properties,
      chart: Type.String({ description: 'Token of the chart.', examples: ['77d0ba2d9c5e'] }),
    }),
    query: { schema: Type.Object({ spec }), read: isCurrent },
    answers: {
      200: {
        description: 'The picture.',
        headers: { etag: Type.String({ description: 'For `If-None-Match`.' }) },
        content: { 'application/json': { schema: reference(Picture) } },
      },
      304: Type.Unsafe<undefined>({ description: 'The caller has this picture.' }),
    },
    handler: async (request, reply) => {
      const of = await getRun(database, request);
      const { chart: token } = request.params;
      const charts = request.query ? await currentCharts(of) : await chartsOf(of);
      const chart = charts.find((one) => one.token === token);
      if (chart === undefined) throw notFound('Chart');
      const queryRuns = await listBriefQueryRuns(database, of.organization.id, of.run.number);
      const queryRun = queryRuns.find(({ queryToken }) => queryToken === chart.queryToken);
      if (queryRun?.result == null || of.run.expiredAt !== null) throw noResults();
      const picture = await getPicture(of.organization.id, queryRun, chart);
      const etag = `"${createHash('sha256').update(picture).digest('base64url').slice(0, 22)}"`;
      addVary(reply, 'Accept-Encoding');
      reply.header('etag', `W/${etag}`).header('cache-control', 'private, no-cache');
      if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
      reply.type('application/json; charset=utf-8');
      const encoding = chooseEncoding(request.headers['accept-encoding']);
      const bytes = Readable.from([Buffer.from(picture)], { objectMode: false });
      return sendEncoded(reply, bytes, encoding);
    },
  });

  const currentCharts = ({ organization, report }: OfRun): Promise<RunChart[]> =>
    listChartsOf(database, organization.id, report);

  /** A run from before charts were kept with it has those of today. */
  const chartsOf = async (of: OfRun): Promise<RunChart[]> =>
    (await findChartsOfRun(database, of.organization.id, of.run)) ?? currentCharts(of);
}

const spec = Type.Optional(
  Type.String({ enum: ['current'], description: 'The chart as it is now.' }),
);

/** @throws ApiError bad_request */
function isCurrent(query: QueryString): boolean {
  const value = singleValue(query, 'spec', 'current');
  if (value === undefined) return false;
  if (value === 'current') return true;
  throw new ApiError(
    'bad_request',
    `spec is ${quoted(value)}; it must be current.`,
    'Leave it out for the chart as it was when the run was requested.',
  );
}
