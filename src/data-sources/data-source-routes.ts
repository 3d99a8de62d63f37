import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { halResponse, requireChange, wholeList } from '../http/hal.ts';
import { requireMatch, thingResponse, withEtag } from '../http/if-match.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { findListedMembers } from '../members/listed-members.ts';
import type { Organization } from '../organizations/organization.ts';
import {
  changeDataSource,
  createDataSource,
  type DataSourceChanger,
  getDataSource,
  removeDataSource,
} from './change-data-sources.ts';
import { withWireOptions } from './connection-options.ts';
import type { DataSource } from './data-source.ts';
import { DataSourceChange, NewDataSource } from './data-source-bodies.ts';
import {
  DataSourceShown,
  DataSources,
  dataSourceSchemas,
  toDataSource,
} from './data-source-schema.ts';
import { listDataSources } from './data-source-store.ts';
import { recordFiles } from './files-mark.ts';
import { adapterOf } from './kinds.ts';
import type { ConnectionParts } from './open-connection.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  connections: ConnectionParts;
  clock: Clock;
  identifiers: Identifiers;
};

const DataSourcePath = tokenPath('Token of the data source.', 'a1f0c7d2e9b4');

/** `/api/{organization}/data_sources`: admins make and change them, members use them. */
export function addDataSourceRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication, clock, identifiers } = parts;
  const { secretKey, filesDir } = parts.connections;
  const path = '/api/:organization/data_sources';
  for (const schema of dataSourceSchemas) app.addSchema(schema);
  const { members, admins } = admit(app, authentication);
  const forMembers = { tag: 'Data sources', admits: members };
  const forAdmins = { tag: 'Data sources', admits: admins };

  const changerOf = (request: FastifyRequest): DataSourceChanger => {
    const caller = callerOf(request);
    return { caller, actor: actorOf(caller, request), secretKey, clock, identifiers };
  };

  const oneOf = (request: RouteRequest<{ token: string }>) => ({
    ...changerOf(request),
    token: request.params.token,
    check: async (current: DataSource) => requireMatch(request, await show(request, current)),
  });

  async function show(request: FastifyRequest, one: DataSource) {
    const [shown] = await showDataSources(database, callerOf(request).organization, [one]);
    return shown as NonNullable<typeof shown>;
  }

  const get = (request: RouteRequest<{ token: string }>) =>
    getDataSource(database, callerOf(request).organization.id, request.params.token);

  route(app, 'GET', path, {
    ...forMembers,
    operationId: 'listDataSources',
    summary: 'List data sources',
    description: 'Every data source, oldest first. The list is not paged.',
    params: OrganizationPath,
    answers: { 200: halResponse('The data sources.', DataSources) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const found = await listDataSources(database, organization.id);
      const shown = await showDataSources(database, organization, found);
      const self = `/api/${organization.username}/data_sources`;
      return wholeList('data_sources', self, shown);
    },
  });

  route(app, 'POST', path, {
    ...forAdmins,
    operationId: 'createDataSource',
    summary: 'Create a data source',
    description:
      'The options depend on the adapter: `host`, `port`, `database`, `username`, `password` and `ssl_mode` for ' +
      'PostgreSQL and MySQL, `folder` for DuckDB, `file` for SQLite. Does not connect to it; test it afterwards.',
    params: OrganizationPath,
    body: reference(NewDataSource),
    answers: { 201: thingResponse('The new data source.', reference(DataSourceShown)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const { name, description, adapter, token, password, ...options } = request.body.data_source;
      const made = await createDataSource(
        database,
        {
          name,
          description: description ?? null,
          adapter: adapterOf(adapter),
          token,
          options: withWireOptions({}, options),
          password,
        },
        changerOf(request),
      );
      await recordFiles(database, filesDir, identifiers);
      return withEtag(reply, await show(request, made));
    },
  });

  route(app, 'GET', `${path}/:token`, {
    ...forMembers,
    operationId: 'getDataSource',
    summary: 'Get a data source',
    description: 'A data source, without its password.',
    params: DataSourcePath,
    answers: { 200: thingResponse('The data source.', reference(DataSourceShown)) },
    handler: async (request, reply) => withEtag(reply, await show(request, await get(request))),
  });

  route(app, 'PATCH', `${path}/:token`, {
    ...forAdmins,
    operationId: 'changeDataSource',
    summary: 'Change a data source',
    description:
      'A password belongs to the server that it was given for: if `host` or `port` changes, it is deleted unless it is ' +
      'sent again.',
    params: DataSourcePath,
    body: reference(DataSourceChange),
    answers: { 200: thingResponse('The changed data source.', reference(DataSourceShown)) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request, reply) => {
      const body = request.body.data_source;
      requireChange(reply, body, Object.keys(DataSourceChange.properties.data_source.properties));
      const { name, description, password, ...options } = body;
      const changed = await changeDataSource(
        database,
        {
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          options,
          password,
        },
        oneOf(request),
      );
      await recordFiles(database, filesDir, identifiers);
      return withEtag(reply, await show(request, changed));
    },
  });

  route(app, 'DELETE', `${path}/:token`, {
    ...forAdmins,
    operationId: 'deleteDataSource',
    summary: 'Delete a data source',
    description:
      'Queries that use it are kept, and their runs fail until a data source with the same token exists.',
    params: DataSourcePath,
    answers: { 204: Type.Null({ description: 'The data source was deleted.' }) },
    refuses: ['conflict', 'precondition_failed'],
    handler: async (request) => {
      await removeDataSource(database, oneOf(request));
      return null;
    },
  });
}

/** Data sources as the REST API shows them, with who made them. */
async function showDataSources(
  store: Store,
  organization: Organization,
  dataSources: readonly DataSource[],
): Promise<DataSourceShown[]> {
  const slots = dataSources.flatMap(({ creatorSlot }) => creatorSlot ?? []);
  const members = await findListedMembers(store, organization.id, [...new Set(slots)]);
  const tokens = new Map(members.map(({ slot, token }) => [slot, token]));
  return dataSources.map((one) =>
    toDataSource(organization, one, tokens.get(one.creatorSlot ?? Number.NaN)),
  );
}
