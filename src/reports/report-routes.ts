import { Type } from 'typebox';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { lists } from '../discovery/lists.ts';
import { findRowByToken } from '../discovery/row-store.ts';
import { ApiError } from '../errors.ts';
import { authenticateBasic } from '../http/authenticate.ts';
import { maySeePersonal, ownOrganization } from '../http/authorize.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { ErrorBody } from '../http/error-response.ts';
import { Report, type ReportRow, toReport } from './report.ts';

/** `GET /api/{organization}/reports/{token}`: what the `report_url` of a Discovery row leads to. */
export function addReportRoutes(
  app: HttpServer,
  { database, clock }: { database: Database; clock: Clock },
): void {
  app.get(
    '/api/:organization/reports/:token',
    {
      schema: {
        operationId: 'getReport',
        tags: ['Reports'],
        summary: 'One report',
        params: Type.Object({
          organization: Type.String({ description: 'Username of the organization.' }),
          token: Type.String({ description: 'Token of the report.' }),
        }),
        produces: ['application/hal+json'],
        response: { 200: Report, 401: ErrorBody, 404: ErrorBody },
        security: [{ apiToken: [] }],
      },
    },
    async (request, reply) => {
      const caller = await authenticateBasic({ database, clock }, request.headers.authorization);
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
