import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { halResponse, sendLargeList, toHalList } from '../http/hal.ts';
import { restPaging } from '../http/paging.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { holdOrganization } from '../inventory/row-writer.ts';
import { enqueueRun, prepareRun } from './enqueue-run.ts';
import { getReport, getRun, type OfReport, ReportPath, RunPath } from './find-runs.ts';
import type { Run } from './run.ts';
import { NOT_KEPT } from './run-of-row.ts';
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
const KEY_MS = DAY_MS;
const KEY = /^[\x20-\x7e]{1,200}$/;

/** Runs of a report: asking for them, listing and cancelling them. */
export function addRunRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication, worker, clock } = parts;
  const path = '/api/:organization/reports/:token/runs';
  for (const schema of runSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Runs', admits: members };

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
    const findKnown = async (store: Store) =>
      requestKey === null
        ? undefined
        : findRunOfRequest(store, organization.id, {
            reportSlot: report.slot,
            requestKey,
            after,
          });
    const known = await findKnown(database);
    if (known) return known;
    const { id } = organization;
    const prepared = await prepareRun(database, id, { report, parameters }, parts);
    const run = await database.transaction(async (store) => {
      // The same request, sent twice at once, waits here.
      await holdOrganization(store, id);
      return (await findKnown(store)) ?? enqueueRun(store, id, asked, prepared, parts);
    });
    worker.wake();
    return run;
  }

  route(app, 'POST', path, {
    ...common,
    operationId: 'createRun',
    summary: 'Run a report',
    description:
      'Returns at once; the run waits for a worker. Poll it until its state is no longer `enqueued`. With the header ' +
      '`Idempotency-Key`, repeating a request within 24 hours returns the run that the first one created.',
    params: ReportPath,
    headers: Type.Object({
      'idempotency-key': Type.Optional(
        Type.String({
          description: 'Key of this request, 1 to 200 ASCII characters.',
        }),
      ),
    }),
    body: reference(NewRun),
    bodyIsOptional: true,
    answers: { 202: halResponse('The run.', reference(ReportRun)) },
    refuses: ['conflict', 'queue_full'],
    handler: async (request) => {
      const of = await getReport(database, request);
      const run = await start(request, of, request.body.parameters ?? {});
      return showRun(database, of.organization, of.report, run);
    },
  });

  route(app, 'GET', path, {
    ...common,
    operationId: 'listRuns',
    summary: 'List the runs of a report',
    description: 'Newest first.',
    params: ReportPath,
    query: restPaging,
    answers: { 200: halResponse('A page of runs.', ReportRuns) },
    handler: async (request, reply) => {
      const { organization, report } = await getReport(database, request);
      const paging = request.query;
      const { runs, total } = await listRuns(
        database,
        organization.id,
        { reportSlot: report.slot },
        { offset: (paging.page - 1) * paging.perPage, limit: paging.perPage },
      );
      const shown = await showRuns(database, organization, report, runs);
      const self = runsPath(organization, report.token);
      const list = toHalList('report_runs', self, shown, total, paging);
      return sendLargeList(reply, list);
    },
  });

  route(app, 'GET', `${path}/:run`, {
    ...common,
    operationId: 'getRun',
    summary: 'Get a run',
    description: 'The state and progress of a run and, once it has ended, its outcome.',
    params: RunPath,
    answers: { 200: halResponse('The run.', reference(ReportRun)) },
    handler: async (request) => {
      const { organization, report, run } = await getRun(database, request);
      return showRun(database, organization, report, run);
    },
  });

  route(app, 'POST', `${path}/:run/cancel`, {
    ...common,
    operationId: 'cancelRun',
    summary: 'Cancel a run',
    description:
      'A waiting run is canceled at once, a running one within seconds. Canceling a run again changes nothing.',
    params: RunPath,
    answers: { 202: halResponse('The run.', reference(ReportRun)) },
    refuses: ['conflict'],
    handler: async (request) => {
      const { organization, report, run } = await getRun(database, request);
      if (run.number === NOT_KEPT) throw hasEnded(run);
      const isAsked = await cancelRun(database, organization.id, run, clock);
      worker.cancel(organization.id, run.number);
      const now = await getRunByNumber(database, organization.id, run.number);
      if (!isAsked && now.state !== 'cancelled') {
        throw hasEnded(now);
      }
      return showRun(database, organization, report, now);
    },
  });
}

function hasEnded({ state }: Run): ApiError {
  return new ApiError('conflict', `The run has already ended; its state is ${state}.`);
}

/** What the caller calls the request, told from what others call theirs. */
function keyOf({ headers }: FastifyRequest, memberSlot: number | null): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return `${memberSlot ?? ''}:${key}`;
  throw new ApiError(
    'bad_request',
    `Idempotency-Key is ${quoted(key)}; it must have 1 to 200 ASCII characters.`,
  );
}
