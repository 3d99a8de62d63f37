import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database } from '../database/database.ts';
import { errorResponses } from '../http/error-response.ts';
import { halResponse, pageOf, requireChange, sendLargeList, toHalList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { requireMatch, sendThing, thingResponse } from '../http/if-match.ts';
import { parseRestPaging, restPagingSchema, restPagingSchemaUpTo } from '../http/paging.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { parseQuery } from '../http/query-string.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { accessOf, getReportRow, notFound, reachOf } from '../spaces/space-access.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  type ScheduleChanger,
} from './change-schedules.ts';
import {
  NewReportSchedule,
  ReportSchedule,
  ReportScheduleChange,
  ReportSchedules,
  scheduleSchemas,
} from './schedule-schema.ts';
import { findSchedule, listReportSchedules, listSchedules } from './schedule-store.ts';
import { showSchedule, showSchedules } from './show-schedules.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  identifiers: Identifiers;
  templates: Templates;
};

/** The organization's whole list, which is ours alone, has larger pages. */
const MOST_OF_ORGANIZATION = 100;

const ReportPath = tokenPath('Token of the report.', 'bfe4fc361d9f');
export const SchedulePath = Type.Object({
  ...ReportPath.properties,
  schedule: Type.String({ description: 'Token of the schedule.', examples: ['9288da2a1b59'] }),
});

const common = { tags: ['Schedules'], security: [{ apiToken: [] }] };
const refusals = errorResponses('bad_request', 'unauthorized', 'not_found');
const refusalsOfBodies = errorResponses('payload_too_large', 'unsupported_media_type');

/** `/api/{organization}/reports/{token}/schedules`, and `/api/{organization}/schedules` for all of them. */
export function addScheduleRoutes(app: HttpServer, parts: Parts): void {
  const { database, authentication, clock, identifiers, templates } = parts;
  const path = '/api/:organization/reports/:token/schedules';
  for (const schema of scheduleSchemas) app.addSchema(schema);
  const { members: onRequest } = admit(app, authentication);

  const changerOf = (request: FastifyRequest): ScheduleChanger => {
    const caller = callerOf(request);
    const { token: report } = request.params as { token: string };
    return { caller, actor: actorOf(caller, request), clock, identifiers, templates, report };
  };

  async function getReport(request: FastifyRequest) {
    const caller = callerOf(request);
    const { token } = request.params as { token: string };
    const access = await accessOf(database, caller.organization.id, caller);
    return getReportRow(database, caller.organization.id, access, token);
  }

  app.get(
    '/api/:organization/schedules',
    {
      schema: {
        ...common,
        operationId: 'listSchedules',
        summary: 'List the schedules of the organization',
        description:
          'Those of every report that you may see and that is not archived, oldest first. A page holds 30, or up to 100 with `per_page`.',
        params: OrganizationPath,
        querystring: Type.Object(restPagingSchemaUpTo(MOST_OF_ORGANIZATION)),
        response: { 200: halResponse('A page of schedules.', ReportSchedules), ...refusals },
      },
      validatorCompiler: () => () => true,
      onRequest,
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = parseRestPaging(parseQuery(request.raw.url ?? ''), MOST_OF_ORGANIZATION);
      const { schedules, total } = await listSchedules(
        database,
        organization.id,
        reachOf(await accessOf(database, organization.id, caller)),
        { offset: (paging.page - 1) * paging.perPage, limit: paging.perPage },
      );
      const shown = await showSchedules(database, organization, schedules);
      const self = `/api/${organization.username}/schedules`;
      const list = toHalList('report_schedules', self, shown, total, paging);
      return sendLargeList(reply, list) as never;
    },
  );

  app.get(
    path,
    {
      schema: {
        ...common,
        operationId: 'listReportSchedules',
        summary: 'List the schedules of a report',
        description: 'Oldest first.',
        params: ReportPath,
        querystring: Type.Object(restPagingSchema),
        response: { 200: halResponse('A page of schedules.', ReportSchedules), ...refusals },
      },
      validatorCompiler: () => () => true,
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const paging = parseRestPaging(parseQuery(request.raw.url ?? ''));
      const report = await getReport(request);
      const schedules = await listReportSchedules(database, organization.id, report.slot);
      const shown = await showSchedules(database, organization, schedules);
      const self = `/api/${organization.username}/reports/${encodeURIComponent(report.token)}/schedules`;
      const list = pageOf('report_schedules', self, shown, paging);
      return sendLargeList(reply, list) as never;
    },
  );

  app.post(
    path,
    {
      schema: {
        ...common,
        operationId: 'createSchedule',
        summary: 'Make a schedule',
        description:
          'Whoever may see the report may let it run by itself. Values of parameters are checked against the forms of its queries. ' +
          'A report has at most 100 schedules.',
        params: ReportPath,
        body: reference(NewReportSchedule),
        response: {
          201: thingResponse('The new schedule.', reference(ReportSchedule)),
          ...refusals,
          ...refusalsOfBodies,
          ...errorResponses('conflict'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const given = request.body.report_schedule;
      return sendThing(reply.code(201), await createSchedule(database, given, changerOf(request)));
    },
  );

  app.get(
    `${path}/:schedule`,
    {
      schema: {
        ...common,
        operationId: 'getSchedule',
        summary: 'Get a schedule',
        description: 'With when its report runs next.',
        params: SchedulePath,
        response: { 200: thingResponse('The schedule.', reference(ReportSchedule)), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const report = await getReport(request);
      const { schedule: token } = request.params;
      const schedule = await findSchedule(database, organization.id, 'token', token);
      if (schedule?.reportSlot !== report.slot) throw notFound('Schedule');
      return sendThing(reply, await showSchedule(database, organization, schedule));
    },
  );

  app.patch(
    `${path}/:schedule`,
    {
      schema: {
        ...common,
        operationId: 'changeSchedule',
        summary: 'Change a schedule',
        description:
          '`cron` and `params` are replaced as a whole. What is paused or moved does not make up for what it would have run meanwhile.',
        params: SchedulePath,
        body: reference(ReportScheduleChange),
        response: {
          200: thingResponse('The schedule as it is now.', reference(ReportSchedule)),
          ...refusals,
          ...refusalsOfBodies,
          ...errorResponses('precondition_failed'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const given = request.body.report_schedule;
      const { properties } = ReportScheduleChange.properties.report_schedule;
      requireChange(given, Object.keys(properties));
      return sendThing(
        reply,
        await changeSchedule(database, given, {
          ...changerOf(request),
          token: request.params.schedule,
          check: (shown) => requireMatch(request, shown),
        }),
      );
    },
  );

  app.delete(
    `${path}/:schedule`,
    {
      schema: {
        ...common,
        operationId: 'deleteSchedule',
        summary: 'Delete a schedule',
        description: 'What it has run stays.',
        params: SchedulePath,
        response: {
          204: Type.Null({ description: 'The schedule is gone.' }),
          ...refusals,
          ...errorResponses('precondition_failed'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      await deleteSchedule(database, {
        ...changerOf(request),
        token: request.params.schedule,
        check: (shown) => requireMatch(request, shown),
      });
      return reply.code(204).send(null);
    },
  );
}
