import type { FastifyInstance } from 'fastify';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { halResponse, sendLargeList, toHalList } from '../http/hal.ts';
import { restPaging } from '../http/paging.ts';
import { route } from '../http/route.ts';
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
      const { organization, report } = await getReport(database, request);
      const paging = request.query;
      const { schedule: token } = request.params;
      const schedule = await findSchedule(database, organization.id, 'token', token);
      if (schedule?.reportSlot !== report.slot) throw notFound('Schedule');
      const { runs, total } = await listRuns(
        database,
        organization.id,
        { scheduleNumber: schedule.number },
        { offset: (paging.page - 1) * paging.perPage, limit: paging.perPage },
      );
      const shown = await showRuns(database, organization, report, runs);
      const self = `${schedulePath(organization, report.token, token)}/runs`;
      const list = toHalList('report_runs', self, shown, total, paging);
      return sendLargeList(reply, list);
    },
  });
}
