import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import { halResponse, toHalList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { restPaging } from '../http/paging.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { StoredRow } from '../inventory/row-store.ts';
import { findRunOfVersion } from '../runs/run-store.ts';
import { accessOf, getReportRow } from '../spaces/space-access.ts';
import { editorOf, type ReportParts, ReportPath } from './report-routes.ts';
import { Report, reportPath } from './report-schema.ts';
import { getVersion, nameVersion, restoreVersion } from './restore-version.ts';
import { editableState, showReport } from './show-reports.ts';
import {
  toVersion,
  toWholeVersion,
  Version,
  VersionChange,
  Versions,
  versionSchemas,
  WholeVersion,
} from './version-schema.ts';
import { countVersions, listVersions } from './version-store.ts';

const VersionPath = Type.Object({
  ...ReportPath.properties,
  version: Type.String({ description: 'Number of the version.', examples: ['3'] }),
});

/** `/api/{organization}/reports/{token}/versions`: what a report was, edit by edit. */
export function addVersionRoutes(app: FastifyInstance, parts: ReportParts): void {
  const { database, authentication } = parts;
  const path = '/api/:organization/reports/:token/versions';
  for (const schema of versionSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Reports', admits: members };

  async function getReport(request: RouteRequest<{ token: string }>): Promise<StoredRow> {
    const caller = callerOf(request);
    const { id } = caller.organization;
    const access = await accessOf(database, id, caller);
    return getReportRow(database, id, access, request.params.token);
  }

  route(app, 'GET', path, {
    ...common,
    operationId: 'listVersions',
    summary: 'List the versions of a report',
    description:
      'Newest first, without their content. Each edit of the name, the description, a query or a chart saves a version; the ' +
      'first edit of an imported report also saves the state before it.',
    params: ReportPath,
    query: restPaging,
    answers: { 200: halResponse('A page of versions.', Versions) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const paging = request.query;
      const { slot, token } = await getReport(request);
      const versions = await listVersions(database, organization.id, slot, {
        offset: (paging.page - 1) * paging.perPage,
        limit: paging.perPage,
      });
      const shown = versions.map((version) => toVersion(organization, token, version));
      const total = await countVersions(database, organization.id, slot);
      const self = `${reportPath(organization, token)}/versions`;
      return toHalList('versions', self, shown, total, paging);
    },
  });

  route(app, 'GET', `${path}/:version`, {
    ...common,
    operationId: 'getVersion',
    summary: 'Get a version of a report',
    description:
      'The name, description, queries and charts of the report at that time, with a link to the last successful run of the ' +
      'version if its results are stored.',
    params: VersionPath,
    answers: { 200: halResponse('The version.', reference(WholeVersion)) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const report = await getReport(request);
      const version = await getVersion(database, organization.id, report, request.params.version);
      const { slot, token } = report;
      const of = { reportSlot: slot, version: version.number };
      const run = await findRunOfVersion(database, organization.id, of);
      return toWholeVersion(organization, token, version, run);
    },
  });

  route(app, 'PATCH', `${path}/:version`, {
    ...common,
    operationId: 'changeVersion',
    summary: 'Name a version',
    description:
      'Anyone who can edit the report can do this. Naming is not an edit, and saves no version.',
    params: VersionPath,
    body: reference(VersionChange),
    answers: { 200: halResponse('The version.', reference(Version)) },
    refuses: ['conflict'],
    handler: async (request) => {
      const { token, version: number } = request.params;
      const editor = editorOf(request, parts);
      const named = { token, number, name: request.body.version.name };
      const { content: _, ...version } = await nameVersion(database, editor, named);
      return toVersion(editor.caller.organization, token, version);
    },
  });

  route(app, 'POST', `${path}/:version/restore`, {
    ...common,
    operationId: 'restoreVersion',
    summary: 'Restore a version',
    description:
      'Anyone who can see the report can do this. Restoring is an edit, which saves a version. Queries and charts that were ' +
      'deleted since return with their tokens.',
    params: VersionPath,
    answers: { 200: thingResponse('The changed report.', reference(Report)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const { token, version } = request.params;
      const report = await restoreVersion(database, version, {
        editor: editorOf(request, parts),
        token,
        check: (row) => requireMatch(request, editableState(row)),
      });
      const shown = await showReport(database, callerOf(request).organization, report);
      return withEtag(reply, shown, editableState(report));
    },
  });
}
