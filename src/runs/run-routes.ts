import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database, Queries } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, sendLargeList, toHalList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { parseRestPaging, restPagingSchema } from '../http/paging.ts';
import { parseQuery } from '../http/query-string.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { holdOrganization } from '../inventory/row-writer.ts';
import { enqueueRun, prepareRun } from './enqueue-run.ts';
import { getReport, getRun, type OfReport, ReportPath, RunPath } from './find-runs.ts';
import type { Run } from './run.ts';
import { cancelRun } from './run-queue.ts';
import { NewRun, ReportRun, ReportRuns, runSchemas, runsPath } from './run-schema.ts';
import { findRunOfRequest, getRunByNumber, listRuns } from './run-store.ts';
import type { RunWorker } from './run-worker.ts';
import { showRun, showRuns } from './show-runs.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  /** The worker of this process, which need not wait until it finds what is asked for. */
  worker: Pick<RunWorker, 'wake' | 'cancel'>;
  clock: Clock;
  identifiers: Identifiers;
  templates: Templates;
  /** How many runs of an organization may wait. */
  mostWaiting: number;
};

/** For how long a key makes two requests one. */
const KEY_MS = 24 * 60 * 60 * 1000;
const KEY = /^[\x20-\x7e]{1,200}$/;

const common = { tags: ['Runs'], security: [{ apiToken: [] }] };
const refusals = errorResponses('bad_request', 'unauthorized', 'not_found');
const refusalsOfBodies = errorResponses('payload_too_large', 'unsupported_media_type');

/** Runs of a report: asking for them, listing and cancelling them. */
export function addRunRoutes(app: HttpServer, parts: Parts): void {
  const { database, authentication, worker, clock } = parts;
  const path = '/api/:organization/reports/:token/runs';
  for (const schema of runSchemas) app.addSchema(schema);
  const { members: onRequest } = admit(app, authentication);

  /** Enqueues a run for who calls, unless a request with the same key has done so. */
  async function start(
    request: FastifyRequest,
    { organization, report }: OfReport,
    parameters: Readonly<Record<string, unknown>>,
  ): Promise<Run> {
    const memberSlot = callerOf(request).member?.slot ?? null;
    const requestKey = keyOf(request, memberSlot);
    const after = wireTime(clock() - KEY_MS);
    const asked = { report, memberSlot, scheduleNumber: null, requestKey };
    const findKnown = async (queries: Queries) =>
      requestKey === null
        ? undefined
        : findRunOfRequest(queries, organization.id, {
            reportSlot: report.slot,
            requestKey,
            after,
          });
    const known = await findKnown(database);
    if (known) return known;
    const { id } = organization;
    const prepared = await prepareRun(database, id, { report, parameters }, parts);
    const run = await database.transaction(async (queries) => {
      // The same request, sent twice at once, waits here.
      await holdOrganization(queries, id);
      return (await findKnown(queries)) ?? enqueueRun(queries, id, asked, prepared, parts);
    });
    worker.wake();
    return run;
  }

  app.post(
    path,
    {
      schema: {
        ...common,
        operationId: 'createRun',
        summary: 'Run a report',
        description:
          'Answers at once; the run waits for a worker then. Read it until its state is no longer `enqueued`. With the header ' +
          '`Idempotency-Key` the same request, sent again within 24 hours, answers the run that it made the first time.',
        params: ReportPath,
        headers: Type.Object({
          'idempotency-key': Type.Optional(
            Type.String({
              description: 'A name for this request, of 1 to 200 characters of ASCII.',
            }),
          ),
        }),
        body: reference(NewRun),
        response: {
          202: halResponse('The run.', reference(ReportRun)),
          ...refusals,
          ...refusalsOfBodies,
          ...errorResponses('conflict', 'queue_full'),
        },
      },
      onRequest,
      preValidation: async (request) => {
        request.body ??= {};
      },
    },
    async (request, reply) => {
      const of = await getReport(database, request);
      const run = await start(request, of, request.body.parameters ?? {});
      reply.code(202).type(HAL);
      return showRun(database, of.organization, of.report, run);
    },
  );

  app.get(
    path,
    {
      schema: {
        ...common,
        operationId: 'listRuns',
        summary: 'List the runs of a report',
        description: 'Newest first.',
        params: ReportPath,
        querystring: Type.Object(restPagingSchema),
        response: { 200: halResponse('A page of runs.', ReportRuns), ...refusals },
      },
      // Crawlers send what other servers take; see parseQuery.
      validatorCompiler: () => () => true,
      onRequest,
    },
    async (request, reply) => {
      const { organization, report } = await getReport(database, request);
      const paging = parseRestPaging(parseQuery(request.raw.url ?? ''));
      const { runs, total } = await listRuns(
        database,
        organization.id,
        { reportSlot: report.slot },
        { offset: (paging.page - 1) * paging.perPage, limit: paging.perPage },
      );
      const shown = await showRuns(database, organization, report, runs);
      const self = runsPath(organization, report.token);
      const list = toHalList('report_runs', self, shown, total, paging);
      return sendLargeList(reply, list) as never;
    },
  );

  app.get(
    `${path}/:run`,
    {
      schema: {
        ...common,
        operationId: 'getRun',
        summary: 'Get a run',
        description: 'Where it is, and once it has ended, how it ended.',
        params: RunPath,
        response: { 200: halResponse('The run.', reference(ReportRun)), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization, report, run } = await getRun(database, request);
      reply.type(HAL);
      return showRun(database, organization, report, run);
    },
  );

  app.post(
    `${path}/:run/cancel`,
    {
      schema: {
        ...common,
        operationId: 'cancelRun',
        summary: 'Cancel a run',
        description:
          'One that waits is cancelled at once, one that is being executed within seconds. To cancel a run again changes nothing.',
        params: RunPath,
        response: {
          202: halResponse('The run.', reference(ReportRun)),
          ...refusals,
          ...errorResponses('conflict'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization, report, run } = await getRun(database, request);
      const isAsked = await cancelRun(database, organization.id, run, clock);
      worker.cancel(organization.id, run.number);
      const now = await getRunByNumber(database, organization.id, run.number);
      if (!isAsked && now.state !== 'cancelled') {
        throw new ApiError('conflict', `The run has ended already; its state is ${now.state}.`);
      }
      reply.code(202).type(HAL);
      return showRun(database, organization, report, now);
    },
  );

  app.post(
    `${path}/:run/clone`,
    {
      schema: {
        ...common,
        operationId: 'cloneRun',
        summary: 'Run a report again',
        description: 'With the parameters of a run, and the queries that the report has now.',
        params: RunPath,
        response: {
          202: halResponse('The new run.', reference(ReportRun)),
          ...refusals,
          ...errorResponses('conflict', 'queue_full'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const of = await getRun(database, request);
      const run = await start(request, of, of.run.parameters);
      reply.code(202).type(HAL);
      return showRun(database, of.organization, of.report, run);
    },
  );
}

/** What the caller calls the request, told from what others call theirs. */
function keyOf({ headers }: FastifyRequest, memberSlot: number | null): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return `${memberSlot ?? ''}:${key}`;
  throw new ApiError(
    'bad_request',
    `Idempotency-Key is ${quoted(key)}; it must have 1 to 200 characters of ASCII.`,
  );
}
