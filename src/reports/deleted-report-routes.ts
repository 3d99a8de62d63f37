import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import { halResponse, toHalList } from '../http/hal.ts';
import { thingResponse, withEtag } from '../http/if-match.ts';
import { restPaging } from '../http/paging.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { findListedMembers } from '../members/listed-members.ts';
import { accessOf } from '../spaces/space-access.ts';
import { KEEP_DELETED_DAYS, restoreDeletedReport } from './delete-report.ts';
import { DeletedReport, DeletedReports, toDeletedReport } from './deleted-report-schema.ts';
import { listDeletedReports } from './deleted-report-store.ts';
import { editorOf, type ReportParts, ReportPath } from './report-routes.ts';
import { Report } from './report-schema.ts';
import { editableState, showReport } from './show-reports.ts';

/** `/api/{organization}/deleted_reports`: what was deleted and can be restored. */
export function addDeletedReportRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/deleted_reports';
  app.addSchema(DeletedReport);
  const { members } = admit(app, authentication);
  const common = { tag: 'Reports', admits: members };

  route(app, 'GET', path, {
    ...common,
    operationId: 'listDeletedReports',
    summary: 'List deleted reports',
    description:
      `Reports deleted in the last ${KEEP_DELETED_DAYS} days that you can restore, most recently deleted first: your own, those ` +
      'in your personal space and those you deleted. Admins see all of them.',
    params: OrganizationPath,
    query: restPaging,
    answers: { 200: halResponse('A page of deleted reports.', DeletedReports) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = request.query;
      const { isAdmin, memberSlot } = await accessOf(database, organization.id, caller);
      const { reports, total } = await listDeletedReports(database, organization.id, {
        of: isAdmin ? 'all' : (memberSlot ?? 'nobody'),
        offset: (paging.page - 1) * paging.perPage,
        limit: paging.perPage,
      });
      const slots = reports.flatMap(({ deletedBySlot }) => deletedBySlot ?? []);
      const members = await findListedMembers(database, organization.id, [...new Set(slots)]);
      const emailOf = new Map(members.map(({ slot, email }) => [slot, email]));
      const shown = reports.map((report) =>
        toDeletedReport(organization, report, emailOf.get(report.deletedBySlot ?? -1) ?? null),
      );
      const own = `/api/${organization.username}/deleted_reports`;
      return toHalList('deleted_reports', own, shown, total, paging);
    },
  });

  route(app, 'PATCH', `${path}/:token/restore`, {
    ...common,
    operationId: 'restoreDeletedReport',
    summary: 'Restore a deleted report',
    description:
      'Returns the report to its space, with its versions, schedules and runs. If the space was deleted, the report goes to ' +
      'your personal space. Admins, the owner of the report or of its personal space, and the member who deleted it can do this.',
    params: ReportPath,
    answers: { 200: thingResponse('The report.', reference(Report)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const { token } = request.params;
      const report = await restoreDeletedReport(database, editorOf(request, parts), token);
      return withEtag(
        reply,
        await showReport(database, organization, report),
        editableState(report),
      );
    },
  });
}
