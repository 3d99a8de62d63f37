import type { Database } from '../database/database.ts';
import { lists } from '../discovery/lists.ts';
import { findRowByToken } from '../discovery/row-store.ts';
import { ApiError } from '../errors.ts';
import { type Authentication, authenticateMember } from '../http/authenticate.ts';
import { maySeePersonal, ownOrganization } from '../http/authorize.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { errorResponses } from '../http/error-response.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { reference } from '../http/schema-reference.ts';
import { Report, type ReportRow, toReport } from './report.ts';

/** `GET /api/{organization}/reports/{token}`: what the `report_url` of a Discovery row leads to. */
export function addReportRoutes(
  app: HttpServer,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  app.addSchema(Report);
  app.get(
    '/api/:organization/reports/:token',
    {
      schema: {
        operationId: 'getReport',
        tags: ['Reports'],
        summary: 'Get a report',
        description:
          'What the `report_url` of a Discovery row leads to. A report in a personal space is shown to admins only; ' +
          'to others it is not there.',
        params: tokenPath('Token of the report.', 'bfe4fc361d9f'),
        response: {
          200: {
            description: 'The report.',
            content: { 'application/hal+json': { schema: reference(Report) } },
          },
          ...errorResponses('bad_request', 'unauthorized', 'not_found'),
        },
        security: [{ apiToken: [] }],
      },
    },
    async (request, reply) => {
      const caller = await authenticateMember(authentication, request);
      const organization = ownOrganization(caller, request.params.organization);
      const row = await findRowByToken(
        database,
        organization.id,
        lists.reports,
        request.params.token,
      );
      if (row === undefined || (row.personal && !maySeePersonal(caller))) {
        throw new ApiError(
          'not_found',
          'Report not found.',
          'It may have been deleted, or lie in a personal space that is not yours.',
        );
      }
      const report = JSON.parse(String(row.body)) as ReportRow;
      return reply.type('application/hal+json; charset=utf-8').send(toReport(organization, report));
    },
  );
}
