import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { halResponse, toHalList } from '../http/hal.ts';
import { restPagingUpTo } from '../http/paging.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { findListedMembers } from '../members/listed-members.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { viewReport } from './view-report.ts';
import { ReportReader, ReportReaders, toReportReader } from './view-schema.ts';
import { listViews } from './view-store.ts';

const MOST_READERS = 100;

/** `/api/{organization}/reports/{token}/views`: who reads a report. */
export function addViewRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    clock,
  }: { database: Database; authentication: Authentication; clock: Clock },
): void {
  const path = '/api/:organization/reports/:token/views';
  app.addSchema(ReportReader);
  const { members } = admit(app, authentication);
  const common = {
    tag: 'Reports',
    admits: members,
    params: tokenPath('Token of the report.', 'bfe4fc361d9f'),
  };

  route(app, 'POST', path, {
    ...common,
    operationId: 'viewReport',
    summary: 'Record a view',
    description:
      'Counts once per visit; a visit ends when a member has not opened the report for 30 minutes. The Discovery lists ' +
      'show it: `last_viewed_at` and `view_count` of the report, `last_report_viewed_at` of the member.',
    answers: { 204: Type.Null({ description: 'The view was recorded.' }) },
    handler: async (request) => {
      await viewReport(database, callerOf(request), request.params.token, clock);
      return null;
    },
  });

  route(app, 'GET', path, {
    ...common,
    operationId: 'listViews',
    summary: 'List viewers of a report',
    description: 'Members who opened it, most recent first.',
    query: restPagingUpTo(MOST_READERS),
    answers: { 200: halResponse('A page of viewers.', ReportReaders) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = request.query;
      const access = await accessOf(database, organization.id, caller);
      const report = await getReportRow(database, organization.id, access, request.params.token);
      const { views, total } = await listViews(database, organization.id, report.slot, {
        offset: (paging.page - 1) * paging.perPage,
        limit: paging.perPage,
      });
      const slots = views.map(({ memberSlot }) => memberSlot);
      const members = await findListedMembers(database, organization.id, slots);
      const bySlot = new Map(members.map((member) => [member.slot, member]));
      const shown = views.map((view) =>
        toReportReader(organization, view, bySlot.get(view.memberSlot)),
      );
      const self = `/api/${organization.username}/reports/${encodeURIComponent(report.token)}/views`;
      return toHalList('views', self, shown, total, paging);
    },
  });
}
