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
    summary: 'Create a report',
    description:
      'Without queries, in the space of `space_token` or else in your personal space. The body is optional.',
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
    summary: 'Create a report in a space',
    description: 'Without queries. The body is optional.',
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
      'What `report_url` of a Discovery row returns. Archived reports are included. The ETag covers what ' +
      'people change of the report, not its runs and views.',
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
      'Anyone who can see the report can change it; only admins and the creator can move it into a personal space. A change of name or ' +
      'description is an edit, which saves a version; a move is not. Imports no longer change a report that was ' +
      'changed here.',
    params: ReportPath,
    // Clients send back whole answers, and other servers' have the layout of the report in them.
    bodyLimit: BODY_LIMITS.changes,
    body: reference(ReportChange),
    answers: { 200: thingResponse('The changed report.', reference(Report)) },
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
    summary: 'Clone a report',
    description:
      'Copies the report of a run with its current queries and charts to your personal space, and names it “Copy of …”. To ' +
      'run a report again, create a run with the same `parameters`.',
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
      'Removes the report, its queries and its charts from every list, and stops its schedules. For ' +
      `${KEEP_DELETED_DAYS} days it can be restored; then its versions, schedules and runs are deleted too. Admins, the owner ` +
      'of the report and the owner of its personal space can do this.',
    params: ReportPath,
    answers: { 204: Type.Null({ description: 'The report was deleted.' }) },
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
        'The report, its queries, its charts and its stats leave the Discovery lists, and it no longer runs.',
    },
    {
      verb: 'unarchive',
      archived: false,
      description: 'The report returns to its place in the Discovery lists.',
    },
  ] as const) {
    route(app, 'PATCH', `${path}/:token/${verb}`, {
      ...common,
      operationId: `${verb}Report`,
      summary: archived ? 'Archive a report' : 'Unarchive a report',
      description: `${description} For admins, the owner and the owner of the personal space that it is in.`,
      params: ReportPath,
      answers: { 200: thingResponse('The changed report.', reference(Report)) },
      refuses: ['conflict', 'precondition_failed'],
      handler: async (request, reply) =>
        send(request, reply, await archiveReport(database, archived, oneReport(request))),
    });
  }
}

function toNewReport({ space_token: spaceToken, ...given }: NonNullable<NewReport['report']> = {}) {
  return { ...given, ...(typeof spaceToken === 'string' && { spaceToken }) };
}
