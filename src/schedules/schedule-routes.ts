import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database } from '../database/database.ts';
import { halResponse, pageOf, requireChange, sendLargeList, toHalList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { restPaging, restPagingUpTo } from '../http/paging.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { accessOf, getReportRow, notFound, reachOf } from '../spaces/space-access.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  type ScheduleChanger,
  takeOverSchedule,
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

/** `/api/{organization}/reports/{token}/schedules`, and `/api/{organization}/schedules` for all of them. */
export function addScheduleRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication, clock, identifiers, templates } = parts;
  const path = '/api/:organization/reports/:token/schedules';
  for (const schema of scheduleSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Schedules', admits: members };

  const changerOf = (request: RouteRequest<{ token: string }>): ScheduleChanger => {
    const caller = callerOf(request);
    const { token: report } = request.params;
    return { caller, actor: actorOf(caller, request), clock, identifiers, templates, report };
  };

  async function getReport(request: RouteRequest<{ token: string }>) {
    const caller = callerOf(request);
    const access = await accessOf(database, caller.organization.id, caller);
    return getReportRow(database, caller.organization.id, access, request.params.token);
  }

  route(app, 'GET', '/api/:organization/schedules', {
    ...common,
    operationId: 'listSchedules',
    summary: 'List the schedules of the organization',
    description:
      'Schedules of every unarchived report that you can see, oldest first, in pages of 30 or, with `per_page`, up to 100.',
    params: OrganizationPath,
    query: restPagingUpTo(MOST_OF_ORGANIZATION),
    answers: { 200: halResponse('A page of schedules.', ReportSchedules) },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = request.query;
      const { schedules, total } = await listSchedules(
        database,
        organization.id,
        reachOf(await accessOf(database, organization.id, caller)),
        { offset: (paging.page - 1) * paging.perPage, limit: paging.perPage },
      );
      const shown = await showSchedules(database, organization, schedules);
      const self = `/api/${organization.username}/schedules`;
      const list = toHalList('report_schedules', self, shown, total, paging);
      return sendLargeList(reply, list);
    },
  });

  route(app, 'GET', path, {
    ...common,
    operationId: 'listReportSchedules',
    summary: 'List the schedules of a report',
    description: 'Oldest first.',
    params: ReportPath,
    query: restPaging,
    answers: { 200: halResponse('A page of schedules.', ReportSchedules) },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const paging = request.query;
      const report = await getReport(request);
      const schedules = await listReportSchedules(database, organization.id, report.slot);
      const shown = await showSchedules(database, organization, schedules);
      const self = `/api/${organization.username}/reports/${encodeURIComponent(report.token)}/schedules`;
      const list = pageOf('report_schedules', self, shown, paging);
      return sendLargeList(reply, list);
    },
  });

  route(app, 'POST', path, {
    ...common,
    operationId: 'createSchedule',
    summary: 'Create a schedule',
    description:
      'Anyone who can see the report can do this. Values of parameters are validated against the forms of its queries. ' +
      'A report has up to 100 schedules.',
    params: ReportPath,
    body: reference(NewReportSchedule),
    answers: { 201: thingResponse('The new schedule.', reference(ReportSchedule)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const given = request.body.report_schedule;
      return withEtag(reply, await createSchedule(database, given, changerOf(request)));
    },
  });

  route(app, 'GET', `${path}/:schedule`, {
    ...common,
    operationId: 'getSchedule',
    summary: 'Get a schedule',
    description: 'Includes the time of the next run.',
    params: SchedulePath,
    answers: { 200: thingResponse('The schedule.', reference(ReportSchedule)) },
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const report = await getReport(request);
      const { schedule: token } = request.params;
      const schedule = await findSchedule(database, organization.id, 'token', token);
      if (schedule?.reportSlot !== report.slot) throw notFound('schedule');
      return withEtag(reply, await showSchedule(database, organization, schedule));
    },
  });

  route(app, 'PATCH', `${path}/:schedule`, {
    ...common,
    operationId: 'changeSchedule',
    summary: 'Change a schedule',
    description:
      '`cron` and `params` are replaced as a whole. Times missed while it was paused, or before a change, are not made up for.',
    params: SchedulePath,
    body: reference(ReportScheduleChange),
    answers: { 200: thingResponse('The changed schedule.', reference(ReportSchedule)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const given = request.body.report_schedule;
      const { properties } = ReportScheduleChange.properties.report_schedule;
      requireChange(reply, given, Object.keys(properties));
      return withEtag(
        reply,
        await changeSchedule(database, given, {
          ...changerOf(request),
          token: request.params.schedule,
          check: (shown) => requireMatch(request, shown),
        }),
      );
    },
  });

  route(app, 'POST', `${path}/:schedule/take_over`, {
    ...common,
    operationId: 'takeOverSchedule',
    summary: 'Take over a schedule',
    description:
      'Makes you the owner of a schedule whose owner was removed. If it stopped because of that, it resumes; missed ' +
      'runs are not made up for.',
    params: SchedulePath,
    answers: { 200: thingResponse('The schedule, which is now yours.', reference(ReportSchedule)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) =>
      withEtag(
        reply,
        await takeOverSchedule(database, {
          ...changerOf(request),
          token: request.params.schedule,
          check: (shown) => requireMatch(request, shown),
        }),
      ),
  });

  route(app, 'DELETE', `${path}/:schedule`, {
    ...common,
    operationId: 'deleteSchedule',
    summary: 'Delete a schedule',
    description: 'Its runs are kept.',
    params: SchedulePath,
    answers: { 204: Type.Null({ description: 'The schedule was deleted.' }) },
    refuses: ['precondition_failed'],
    handler: async (request) => {
      await deleteSchedule(database, {
        ...changerOf(request),
        token: request.params.schedule,
        check: (shown) => requireMatch(request, shown),
      });
      return null;
    },
  });
}
