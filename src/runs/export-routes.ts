import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { route } from '../http/route.ts';
import { getRun, RunPath } from './find-runs.ts';

/** Where clients of Mode ask for a run as PDF. They ask again for as long as they are told that it is not there yet. */
const exports = [
  { path: 'pdf', operationId: 'getPdfExport' },
  { path: 'pdf.pdf', operationId: 'createPdfExport' },
  { path: 'pdf/download', operationId: 'downloadPdf' },
] as const;

/** `/api/{organization}/reports/{token}/exports/runs/{run}/pdf`: there are no PDFs yet, which is said in Mode's words. */
export function addExportRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  const { members } = admit(app, authentication);
  for (const { path, operationId } of exports) {
    route(app, 'GET', `/api/:organization/reports/:token/exports/runs/:run/${path}`, {
      tag: 'Results',
      admits: members,
      operationId,
      summary: 'Get a run as PDF',
      description:
        'Rollcall does not create PDFs, so this is always a 404: `export not yet generated`.',
      params: RunPath,
      answers: {
        200: {
          description: 'The PDF.',
          content: { 'application/pdf': { schema: Type.String({ description: 'The PDF.' }) } },
        },
      },
      handler: async (request) => {
        await getRun(database, request);
        throw new ApiError(
          'not_found',
          'export not yet generated',
          'Print the page of the report, or download its results as CSV.',
        );
      },
    });
  }
}
