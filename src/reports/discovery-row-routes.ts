import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import { rowSchema } from '../discovery/list-schema.ts';
import { ApiError } from '../errors.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { lists } from '../inventory/lists.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { type ReportParts, ReportPath } from './report-routes.ts';

/** `GET /api/{organization}/reports/{token}/discovery_row`: what catalogs see of a report. */
export function addDiscoveryRowRoutes(
  app: FastifyInstance,
  { database, authentication }: Pick<ReportParts, 'database' | 'authentication'>,
): void {
  route(app, 'GET', '/api/:organization/reports/:token/discovery_row', {
    tag: 'Reports',
    admits: admit(app, authentication).members,
    operationId: 'getDiscoveryRow',
    summary: 'Get the Discovery row of a report',
    description:
      'The current row of the report in the Discovery list, byte for byte. A report in a personal space has one too, ' +
      'which the list includes only with `include_spaces=all`.',
    params: ReportPath,
    answers: {
      200: {
        description: 'The row.',
        content: { 'application/json': { schema: reference(rowSchema(lists.reports)) } },
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { id } = caller.organization;
      const access = await accessOf(database, id, caller);
      const { archived, body } = await getReportRow(database, id, access, request.params.token);
      if (archived) {
        throw new ApiError(
          'not_found',
          'The report is archived, so it is in no Discovery list.',
          'Unarchive it to add it to the lists again.',
        );
      }
      // As bytes they are sent as they are; the schema is for the OpenAPI document.
      return reply.type('application/json; charset=utf-8').send(body);
    },
  });
}
