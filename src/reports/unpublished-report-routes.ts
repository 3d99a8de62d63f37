import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { HAL, halResponse, toHalList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { restPaging } from '../http/paging.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { notFound } from '../spaces/space-access.ts';
import { publishNewReport } from './publish-new-report.ts';
import { drafterSlot } from './report-editor.ts';
import { editorOf, type ReportParts } from './report-routes.ts';
import { Report } from './report-schema.ts';
import { editableState, showReport } from './show-reports.ts';
import {
  NewReportToPublish,
  NewUnpublishedReport,
  toUnpublishedReport,
  toWholeUnpublishedReport,
  UnpublishedReport,
  UnpublishedReports,
  UnpublishedReportToSave,
  unpublishedReportSchemas,
  WholeUnpublishedReport,
} from './unpublished-report-schema.ts';
import {
  findUnpublishedReport,
  listUnpublishedReports,
  type UnpublishedReport as Stored,
} from './unpublished-report-store.ts';
import {
  beginReport,
  discardUnpublishedReport,
  saveUnpublishedReport,
} from './write-unpublished-report.ts';

/** `/api/{organization}/unpublished_reports`: what a member writes and has never published. */
export function addUnpublishedReportRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/unpublished_reports';
  for (const schema of unpublishedReportSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Reports', admits: members };
  const one = { ...common, params: tokenPath('Token of the report.', 'd1f0c8a57e32') };
  const stateOf = ({ savedAt }: Stored) => ({ saved_at: savedAt });
  const checkFor = (request: RouteRequest<{ token: string }>) => (now: Stored) =>
    requireMatch(request, stateOf(now));

  route(app, 'GET', path, {
    ...common,
    operationId: 'listUnpublishedReports',
    summary: 'List your unpublished reports',
    description:
      'Reports that you are writing and have never published, most recently saved first. Only you can see them.',
    params: OrganizationPath,
    query: restPaging,
    answers: { 200: halResponse('A page of your unpublished reports.', UnpublishedReports) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const paging = request.query;
      const { reports, total } = await listUnpublishedReports(database, organization.id, {
        memberSlot: drafterSlot(caller),
        offset: (paging.page - 1) * paging.perPage,
        limit: paging.perPage,
      });
      const shown = reports.map((report) => toUnpublishedReport(organization, report));
      const own = `/api/${organization.username}/unpublished_reports`;
      return toHalList('unpublished_reports', own, shown, total, paging);
    },
  });

  route(app, 'POST', path, {
    ...common,
    operationId: 'beginReport',
    summary: 'Create an unpublished report',
    description:
      'It is not listed, and only you can see it until you publish it. With a `token` of your choice, the same request sent ' +
      'twice creates one.',
    params: OrganizationPath,
    bodyLimit: BODY_LIMITS.draft,
    body: reference(NewUnpublishedReport),
    answers: { 201: thingResponse('The unpublished report.', reference(UnpublishedReport)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const { token, space_token: spaceToken = null, content } = request.body.unpublished_report;
      const editor = editorOf(request, parts);
      const given = { ...(token !== undefined && { token }), spaceToken, content };
      const begun = await beginReport(database, editor, given);
      const shown = toUnpublishedReport(editor.caller.organization, begun);
      return withEtag(reply, shown, stateOf(begun));
    },
  });

  route(app, 'GET', `${path}/:token`, {
    ...one,
    operationId: 'getUnpublishedReport',
    summary: 'Get an unpublished report',
    description: 'One of your own, with its content.',
    answers: { 200: thingResponse('The report.', reference(WholeUnpublishedReport)) },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const whose = { memberSlot: drafterSlot(caller), token: request.params.token };
      const found = await findUnpublishedReport(database, organization.id, whose);
      if (found === undefined) throw notFound('report');
      const shown = toWholeUnpublishedReport(organization, found);
      return reply.type(HAL).send(withEtag(reply, shown, stateOf(found)));
    },
  });

  route(app, 'PUT', `${path}/:token`, {
    ...one,
    operationId: 'saveUnpublishedReport',
    summary: 'Save an unpublished report',
    description:
      'Replaces its content and its space. With `If-Match` it is refused if the report was saved since, such as in another tab; ' +
      'once it is published, it is a conflict.',
    bodyLimit: BODY_LIMITS.draft,
    body: reference(UnpublishedReportToSave),
    answers: { 200: thingResponse('The report was saved.', reference(UnpublishedReport)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const { space_token: spaceToken = null, content } = request.body.unpublished_report;
      const editor = editorOf(request, parts);
      const given = { spaceToken, content, check: checkFor(request) };
      const saved = await saveUnpublishedReport(database, editor, request.params.token, given);
      const shown = toUnpublishedReport(editor.caller.organization, saved);
      return withEtag(reply, shown, stateOf(saved));
    },
  });

  route(app, 'DELETE', `${path}/:token`, {
    ...one,
    operationId: 'discardUnpublishedReport',
    summary: 'Delete an unpublished report',
    description: 'With `If-Match` it is refused if the report was saved since.',
    answers: { 204: Type.Null({ description: 'The unpublished report was deleted.' }) },
    refuses: ['precondition_failed'],
    handler: async (request) => {
      const editor = editorOf(request, parts);
      await discardUnpublishedReport(database, editor, request.params.token, checkFor(request));
      return null;
    },
  });

  route(app, 'POST', `${path}/:token/publish`, {
    ...one,
    operationId: 'publishNewReport',
    summary: 'Publish an unpublished report',
    description:
      'Creates the report, which is then in every list, in the space that was saved with it, or that the body names. If ' +
      'the space was deleted, the report stays unpublished until you name another. Repeating the request returns the report. ' +
      'The body is optional.',
    body: reference(NewReportToPublish),
    bodyIsOptional: true,
    answers: { 200: thingResponse('The report.', reference(Report)) },
    refuses: ['precondition_failed'],
    handler: async (request, reply) => {
      const editor = editorOf(request, parts);
      const published = await publishNewReport(database, editor, {
        token: request.params.token,
        spaceToken: request.body.report?.space_token,
        check: checkFor(request),
      });
      const shown = await showReport(database, editor.caller.organization, published);
      return withEtag(reply, shown, editableState(published));
    },
  });
}
