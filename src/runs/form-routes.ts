import type { FastifyInstance } from 'fastify';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database } from '../database/database.ts';
import { halResponse } from '../http/hal.ts';
import { route } from '../http/route.ts';
import { readForm } from './enqueue-run.ts';
import { getReport, ReportPath } from './find-runs.ts';
import { ReportForm } from './form-schema.ts';
import { runsPath } from './run-schema.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  templates: Templates;
  clock: Clock;
};

/** What a report asks for before it runs. */
export function addFormRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication } = parts;
  route(app, 'GET', '/api/:organization/reports/:token/form', {
    tag: 'Runs',
    admits: admit(app, authentication).members,
    operationId: 'getReportForm',
    summary: 'Get the form of a report',
    description:
      'The parameters that its queries ask for now. A run has its own `form_fields`: those that the report had when it ran.',
    params: ReportPath,
    answers: { 200: halResponse('The form.', ReportForm) },
    handler: async (request) => {
      const { organization, report } = await getReport(database, request);
      const runs = runsPath(organization, report.token);
      const path = runs.slice(0, -'/runs'.length);
      return {
        form_fields: await readForm(database, organization.id, report, parts),
        _links: {
          self: { href: `${path}/form` },
          report: { href: path },
          report_runs: { href: runs },
        },
      };
    },
  });
}
