import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { getDataSource } from '../data-sources/change-data-sources.ts';
import type { Database } from '../database/database.ts';
import { emptyList, halResponse, wholeList } from '../http/hal.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { accessOf, getReportRow, getSpaceRow } from '../spaces/space-access.ts';

const parents = {
  space: { path: 'spaces', find: getSpaceRow },
  report: { path: 'reports', find: getReportRow },
  data_source: {
    path: 'data_sources',
    find: (store: Database, organizationId: number, _: unknown, token: string) =>
      getDataSource(store, organizationId, token),
  },
} as const;

type EmptyList = {
  /** What it is a list of; undefined for the whole organization. */
  of?: keyof typeof parents;
  path: string;
  /** Under which name its things would stand. */
  key: string;
  operationId: string;
  noun: string;
};

/** What clients of Mode ask for and there is none of here. Datasets are listed as reports, as Mode does it. */
const emptyLists: readonly EmptyList[] = [
  { path: 'definitions', key: 'definitions', operationId: 'listDefinitions', noun: 'definitions' },
  { path: 'datasets', key: 'reports', operationId: 'listDatasets', noun: 'datasets' },
  { path: 'groups', key: 'groups', operationId: 'listGroups', noun: 'groups' },
  {
    path: 'color_palettes',
    key: 'color_palettes',
    operationId: 'listColorPalettes',
    noun: 'color palettes',
  },
  {
    ...{ of: 'space', path: 'datasets', key: 'reports' },
    ...{ operationId: 'listDatasetsOfSpace', noun: 'datasets' },
  },
  {
    ...{ of: 'space', path: 'memberships', key: 'space_memberships' },
    ...{ operationId: 'listSpaceMemberships', noun: 'memberships of spaces' },
  },
  {
    ...{ of: 'space', path: 'memberships/preview', key: 'space_memberships' },
    ...{ operationId: 'previewSpaceMemberships', noun: 'memberships of spaces' },
  },
  {
    ...{ of: 'space', path: 'permissions', key: 'space_entitlements' },
    ...{ operationId: 'listSpacePermissions', noun: 'permissions of single members' },
  },
  {
    ...{ of: 'space', path: 'permissions/search', key: 'space_entitlements' },
    ...{ operationId: 'searchSpacePermissions', noun: 'permissions of single members' },
  },
  {
    ...{ of: 'report', path: 'filters', key: 'report_filters' },
    ...{ operationId: 'listReportFilters', noun: 'report filters' },
  },
  {
    ...{ of: 'report', path: 'subscriptions', key: 'report_subscriptions' },
    ...{ operationId: 'listReportSubscriptions', noun: 'subscriptions' },
  },
  {
    ...{ of: 'report', path: 'pins', key: 'report_pins' },
    ...{ operationId: 'listReportPins', noun: 'pins' },
  },
  {
    ...{ of: 'data_source', path: 'permissions', key: 'data_source_entitlements' },
    ...{ operationId: 'listDataSourcePermissions', noun: 'permissions of single members' },
  },
  {
    ...{ of: 'data_source', path: 'datasets', key: 'reports' },
    ...{ operationId: 'listDatasetsOfDataSource', noun: 'datasets' },
  },
];

/** The lists that hold nothing, below the organization and below things that have to be there. */
export function addEmptyListRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  const { members } = admit(app, authentication);
  for (const { of, path, key, operationId, noun } of emptyLists) {
    const common = {
      tag: 'Empty lists',
      admits: members,
      operationId,
      summary: `List ${noun}`,
      description: `Rollcall has no ${noun}, so the list is empty.`,
      answers: { 200: halResponse('An empty list.', emptyList(key)) },
    };
    const root = '/api/:organization';
    if (of === undefined) {
      route(app, 'GET', `${root}/${path}`, {
        ...common,
        params: OrganizationPath,
        handler: async (request) => {
          const { username } = callerOf(request).organization;
          return wholeList(key, `/api/${username}/${path}`, []);
        },
      });
      continue;
    }
    const parent = parents[of];
    route(app, 'GET', `${root}/${parent.path}/:token/${path}`, {
      ...common,
      params: Type.Object({
        ...OrganizationPath.properties,
        token: Type.String({
          description: `Token of the ${of.replace('_', ' ')}.`,
          examples: ['acd5fc167d0g'],
        }),
      }),
      handler: async (request) => {
        const caller = callerOf(request);
        const { id, username } = caller.organization;
        const access = await accessOf(database, id, caller);
        const { token } = await parent.find(database, id, access, request.params.token);
        const self = `/api/${username}/${parent.path}/${encodeURIComponent(token)}/${path}`;
        return wholeList(key, self, []);
      },
    });
  }
}
