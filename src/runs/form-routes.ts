import { Type } from 'typebox';
import { admit } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Templates } from '../data-sources/templates/templates.ts';
import type { Database } from '../database/database.ts';
import { halResponse, Link } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { route } from '../http/route.ts';
import { closed, links } from '../http/schema-parts.ts';
import { FormFieldShape } from '../sql-templates/form-field-shape.ts';
import { readForm } from './enqueue-run.ts';
import { getReport, ReportPath } from './find-runs.ts';
import { runsPath } from './run-schema.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  templates: Templates;
  clock: Clock;
};

const ReportForm = closed(
  {
    form_fields: Type.Array(FormFieldShape, {
      description:
        'The fields of all its queries; `value` is what a run has that gives none, null if one is required.',
    }),
    _links: links({
      self: Link('This form.'),
      report: Link('Its report.'),
      report_runs: Link('Its runs.'),
    }),
  },
  { description: 'The form of a report.' },
);

/** What a report asks for before it runs. */
export function addFormRoutes(app: HttpServer, parts: Parts): void {
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
