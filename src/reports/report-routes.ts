import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { requireChange } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { getRun, RunPath } from '../runs/find-runs.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { archiveReport, changeReport, type OneReport } from './change-reports.ts';
import { createReport } from './create-report.ts';
import { deleteReport, KEEP_DELETED_DAYS } from './delete-report.ts';
import { duplicateReport } from './duplicate-report.ts';
import type { ReportEditor } from './report-editor.ts';
import {
  NewReport,
  NewReportInSpace,
  Report,
  ReportChange,
  reportSchemas,
} from './report-schema.ts';
import { editableState, showReport } from './show-reports.ts';

export type ReportParts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  identifiers: Identifiers;
};

export const ReportPath = tokenPath('Token of the report.', 'bfe4fc361d9f');
export const SpacePath = tokenPath('Token of the space.', 'acd5fc167d0g');

/** Who makes the change that a request asks for. */
export function editorOf(
  request: FastifyRequest,
  { clock, identifiers }: Pick<ReportParts, 'clock' | 'identifiers'>,
): ReportEditor {
  const caller = callerOf(request);
  return { caller, actor: actorOf(caller, request), clock, identifiers };
}

/** `/api/{organization}/reports/{token}`, and how reports are made. */
export function addReportRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports';
  for (const schema of reportSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Reports', admits: members };

  async function send(request: FastifyRequest, reply: FastifyReply, report: StoredRow) {
    const shown = await showReport(database, callerOf(request).organization, report);
    return withEtag(reply, shown, editableState(report));
  }

  function oneReport(request: RouteRequest<{ token: string }>): OneReport {
    const { token } = request.params;
    const check = (report: StoredRow) => requireMatch(request, editableState(report));
    return { editor: editorOf(request, parts), token, check };
  }

  route(app, 'POST', path, {
    ...common,
    operationId: 'createReport',
    summary: 'Make a report',
    description:
      'Without queries, in the space that `space_token` names or else in your own personal space. The body may be left out.',
    params: OrganizationPath,
    body: reference(NewReport),
    bodyIsOptional: true,
    answers: { 201: thingResponse('The new report.', reference(Report)) },
    handler: async (request, reply) => {
      const report = toNewReport(request.body.report);
      const made = await createReport(database, report, editorOf(request, parts));
      return send(request, reply, made);
    },
  });

  route(app, 'POST', '/api/:organization/spaces/:token/reports', {
    ...common,
    operationId: 'createReportInSpace',
    summary: 'Make a report in a space',
    description: 'Without queries. The body may be left out.',
    params: SpacePath,
    body: reference(NewReportInSpace),
    bodyIsOptional: true,
    answers: { 201: thingResponse('The new report.', reference(Report)) },
    handler: async (request, reply) => {
      const report = { ...request.body.report, spaceToken: request.params.token };
      const made = await createReport(database, report, editorOf(request, parts));
      return send(request, reply, made);
    },
  });

  route(app, 'GET', `${path}/:token`, {
    ...common,
    operationId: 'getReport',
    summary: 'Get a report',
    description:
      'What the `report_url` of a Discovery row leads to. A report that was archived is there too. The ETag stands for what ' +
      'people change of the report: a run or a view leaves it as it is.',
    params: ReportPath,
    answers: { 200: thingResponse('The report.', reference(Report)) },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { id } = caller.organization;
      const access = await accessOf(database, id, caller);
      const report = await getReportRow(database, id, access, request.params.token);
      return send(request, reply, report);
    },
  });

  route(app, 'PATCH', `${path}/:token`, {
    ...common,
    operationId: 'changeReport',
    summary: 'Change a report',
    description:
      'For everybody who may see the report; to put it into a personal space, for admins and who made it. Another name or ' +
      'description is an edit, and kept as a version; another space is not. What was imported is from here once it was ' +
      'changed; no import changes it again.',
    params: ReportPath,
    // Clients send back whole answers, and other servers' have the layout of the report in them.
    bodyLimit: BODY_LIMITS.changes,
    body: reference(ReportChange),
    answers: { 200: thingResponse('The report as it is now.', reference(Report)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const { report: body } = request.body;
      requireChange(reply, body, Object.keys(ReportChange.properties.report.properties));
      const { space_token: spaceToken, ...given } = body;
      const change = { ...given, ...(typeof spaceToken === 'string' && { spaceToken }) };
      return send(request, reply, await changeReport(database, change, oneReport(request)));
    },
  });

  route(app, 'POST', `${path}/:token/runs/:run/clone`, {
    ...common,
    operationId: 'cloneReport',
    summary: 'Copy a report',
    description:
      'Copies the report of a run with its queries and charts, as they are now, to your personal space, and names it “Copy of …”. To ' +
      'run a report again, ask for a run with the same `parameters`.',
    params: RunPath,
    answers: { 202: thingResponse('The copy.', reference(Report)) },
    handler: async (request, reply) => {
      const { token } = (await getRun(database, request)).report;
      const copy = await duplicateReport(database, editorOf(request, parts), token, {});
      return send(request, reply, copy);
    },
  });

  route(app, 'DELETE', `${path}/:token`, {
    ...common,
    operationId: 'deleteReport',
    summary: 'Delete a report',
    description:
      'The report leaves every list, with its queries and charts, and its schedules stop. For ' +
      `${KEEP_DELETED_DAYS} days it can be restored; then its versions, schedules and runs are deleted too. Admins, the owner ` +
      'of the report and the owner of its personal space can do this.',
    params: ReportPath,
    answers: { 204: Type.Null({ description: 'The report is gone.' }) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request) => {
      await deleteReport(database, oneReport(request));
      return null;
    },
  });

  route(app, 'POST', `${path}/:token/duplicate`, {
    ...common,
    operationId: 'duplicateReport',
    summary: 'Duplicate a report',
    description:
      'Creates a report that you own, with the same description, queries, charts and parameters. It is named "Copy of …" and ' +
      'is in your personal space unless the body says otherwise. Runs, schedules and versions are not copied.',
    params: ReportPath,
    body: reference(NewReport),
    bodyIsOptional: true,
    answers: { 201: thingResponse('The new report.', reference(Report)) },
    handler: async (request, reply) => {
      const given = toNewReport(request.body.report);
      const { token } = request.params;
      const made = await duplicateReport(database, editorOf(request, parts), token, given);
      return send(request, reply, made);
    },
  });

  for (const { verb, archived, description } of [
    {
      verb: 'archive',
      archived: true,
      description:
        'The report, its queries, its charts and its stats leave the Discovery lists, and it is not run any more.',
    },
    {
      verb: 'unarchive',
      archived: false,
      description: 'The report comes back to where it was in the Discovery lists.',
    },
  ] as const) {
    route(app, 'PATCH', `${path}/:token/${verb}`, {
      ...common,
      operationId: `${verb}Report`,
      summary: archived ? 'Archive a report' : 'Take a report out of the archive',
      description: `${description} For admins, who made the report, and whose personal space it lies in.`,
      params: ReportPath,
      answers: { 200: thingResponse('The report as it is now.', reference(Report)) },
      refuses: ['conflict', 'precondition_failed'],
      handler: async (request, reply) =>
        send(request, reply, await archiveReport(database, archived, oneReport(request))),
    });
  }
}

function toNewReport({ space_token: spaceToken, ...given }: NonNullable<NewReport['report']> = {}) {
  return { ...given, ...(typeof spaceToken === 'string' && { spaceToken }) };
}
