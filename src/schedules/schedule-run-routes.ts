import type { FastifyInstance } from 'fastify';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { emptyList, halResponse, sendLargeList, toHalList, wholeList } from '../http/hal.ts';
import { restPaging } from '../http/paging.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { getReport } from '../runs/find-runs.ts';
import { ReportRuns } from '../runs/run-schema.ts';
import { listRuns } from '../runs/run-store.ts';
import { showRuns } from '../runs/show-runs.ts';
import { notFound } from '../spaces/space-access.ts';
import { SchedulePath } from './schedule-routes.ts';
import { schedulePath } from './schedule-schema.ts';
import { findSchedule } from './schedule-store.ts';

/** `/api/{organization}/reports/{token}/schedules/{schedule}/runs`: what a schedule has started. */
export function addScheduleRunRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  const { members } = admit(app, authentication);

  async function getSchedule(request: RouteRequest<{ token: string; schedule: string }>) {
    const { organization, report } = await getReport(database, request);
    const { schedule: token } = request.params;
    const schedule = await findSchedule(database, organization.id, 'token', token);
    if (schedule?.reportSlot !== report.slot) throw notFound('schedule');
    return { organization, report, schedule };
  }

  route(app, 'GET', '/api/:organization/reports/:token/schedules/:schedule/subscriptions', {
    tag: 'Empty lists',
    admits: members,
    operationId: 'listScheduleSubscriptions',
    summary: 'List the subscriptions of a schedule',
    description: 'Rollcall has no subscriptions, so the list is empty.',
    params: SchedulePath,
    answers: { 200: halResponse('An empty list.', emptyList('report_subscriptions')) },
    handler: async (request) => {
      const { organization, report, schedule } = await getSchedule(request);
      const self = schedulePath(organization, report.token, schedule.token);
      return wholeList('report_subscriptions', `${self}/subscriptions`, []);
    },
  });

  route(app, 'GET', '/api/:organization/reports/:token/schedules/:schedule/runs', {
    tag: 'Schedules',
    admits: members,
    operationId: 'listRunsOfSchedule',
    summary: 'List the runs that a schedule started',
    description: 'Newest first.',
    params: SchedulePath,
    query: restPaging,
    answers: { 200: halResponse('A page of runs.', ReportRuns) },
    handler: async (request, reply) => {
      const { organization, report, schedule } = await getSchedule(request);
      const paging = request.query;
      const { runs, total } = await listRuns(
        database,
        organization.id,
        { scheduleNumber: schedule.number },
        { offset: (paging.page - 1) * paging.perPage, limit: paging.perPage },
      );
      const shown = await showRuns(database, organization, report, runs);
      const self = `${schedulePath(organization, report.token, schedule.token)}/runs`;
      const list = toHalList('report_runs', self, shown, total, paging);
      return sendLargeList(reply, list);
    },
  });
}
