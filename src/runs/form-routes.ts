import type { FastifyInstance } from 'fastify';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database } from '../database/database.ts';
import { halResponse, wholeList } from '../http/hal.ts';
import { route } from '../http/route.ts';
import type { FormFieldShape } from '../sql-templates/form-field-shape.ts';
import { readForm } from './enqueue-run.ts';
import { getReport, getRun, ReportPath, RunPath } from './find-runs.ts';
import { FormOptions, ReportForm } from './form-schema.ts';
import { runsPath } from './run-schema.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  templates: Templates;
  clock: Clock;
};

/** What a report asks for before it runs, and what a run of it was asked for with. */
export function addFormRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication } = parts;
  route(app, 'GET', '/api/:organization/reports/:token/runs/:run/options', {
    tag: 'Runs',
    admits: admit(app, authentication).members,
    operationId: 'listRunOptions',
    summary: 'Get the form of a run',
    description: 'The form of a run in Mode’s format, with the options of each parameter.',
    params: RunPath,
    answers: { 200: halResponse('The options.', FormOptions) },
    handler: async (request) => {
      const { organization, report, run } = await getRun(database, request);
      const self = `${runsPath(organization, report.token)}/${run.token}/options`;
      const shown = (run.formFields as FormFieldShape[]).map(({ name, options }) => ({
        name,
        options,
        options_error: null,
        source_size: null,
      }));
      return wholeList('form_fields', self, shown);
    },
  });

  route(app, 'GET', '/api/:organization/reports/:token/form', {
    tag: 'Runs',
    admits: admit(app, authentication).members,
    operationId: 'getReportForm',
    summary: 'Get the form of a report',
    description:
      'The current parameters of its queries. A run has its own `form_fields`, from the time when it ran.',
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
