import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, requireChange, wholeList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { requireMatch, sendThing, thingResponse } from '../http/if-match.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import {
  changeDataSource,
  createDataSource,
  type DataSourceChanger,
  getDataSource,
  removeDataSource,
} from './change-data-sources.ts';
import { fromWireOptions } from './connection-options.ts';
import type { DataSource } from './data-source.ts';
import { DataSourceChange, NewDataSource } from './data-source-bodies.ts';
import { DataSourceShown, DataSources, dataSourceSchemas } from './data-source-schema.ts';
import { listDataSources } from './data-source-store.ts';
import { recordFiles } from './files-mark.ts';
import { adapterOf } from './kinds.ts';
import type { ConnectionParts } from './open-connection.ts';
import { showDataSources } from './show-data-sources.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  connections: ConnectionParts;
  clock: Clock;
  identifiers: Identifiers;
};

const DataSourcePath = tokenPath('Token of the data source.', 'a1f0c7d2e9b4');

const common = { tags: ['Data sources'] };
const forMembers = { ...common, security: [{ apiToken: [] }] };
const forAdmins = { ...common, security: [{ adminApiToken: [] }] };
const refusals = errorResponses('bad_request', 'unauthorized', 'not_found');
const refusalsOfAdmins = { ...refusals, ...errorResponses('forbidden') };
const refusalsOfChanges = {
  ...refusalsOfAdmins,
  ...errorResponses('conflict', 'precondition_failed'),
};
const refusalsOfBodies = errorResponses('payload_too_large', 'unsupported_media_type');

/** `/api/{organization}/data_sources`: admins make and change them, members use them. */
export function addDataSourceRoutes(app: HttpServer, parts: Parts): void {
  const { database, authentication, clock, identifiers } = parts;
  const { secretKey, filesDir } = parts.connections;
  const path = '/api/:organization/data_sources';
  for (const schema of dataSourceSchemas) app.addSchema(schema);
  const { members, admins } = admit(app, authentication);

  const changerOf = (request: FastifyRequest): DataSourceChanger => {
    const caller = callerOf(request);
    return { caller, actor: actorOf(caller, request), secretKey, clock, identifiers };
  };

  const oneOf = (request: FastifyRequest) => ({
    ...changerOf(request),
    token: (request.params as { token: string }).token,
    check: async (current: DataSource) => requireMatch(request, await show(request, current)),
  });

  async function show(request: FastifyRequest, one: DataSource) {
    const [shown] = await showDataSources(database, callerOf(request).organization, [one]);
    return shown as NonNullable<typeof shown>;
  }

  const get = (request: FastifyRequest) => {
    const { token } = request.params as { token: string };
    return getDataSource(database, callerOf(request).organization.id, token);
  };

  app.get(
    path,
    {
      schema: {
        ...forMembers,
        operationId: 'listDataSources',
        summary: 'List data sources',
        description: 'Every data source, oldest first. The whole list is one page.',
        params: OrganizationPath,
        response: { 200: halResponse('The data sources.', DataSources), ...refusals },
      },
      onRequest: members,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const found = await listDataSources(database, organization.id);
      const shown = await showDataSources(database, organization, found);
      const self = `/api/${organization.username}/data_sources`;
      return reply.type(HAL).send(wholeList('data_sources', self, shown));
    },
  );

  app.post(
    path,
    {
      schema: {
        ...forAdmins,
        operationId: 'createDataSource',
        summary: 'Make a data source',
        description:
          'Which options there are depends on the adapter: `host`, `port`, `database`, `username`, `password` and `ssl_mode` for ' +
          'PostgreSQL and MySQL, `folder` for DuckDB, `file` for SQLite. Nothing is connected to; see how to test one.',
        params: OrganizationPath,
        body: reference(NewDataSource),
        response: {
          201: thingResponse('The new data source.', reference(DataSourceShown)),
          ...refusalsOfAdmins,
          ...refusalsOfBodies,
          ...errorResponses('conflict'),
        },
      },
      onRequest: admins,
    },
    async (request, reply) => {
      const { name, description, adapter, token, password, ...options } = request.body.data_source;
      const made = await createDataSource(
        database,
        {
          name,
          description: description ?? null,
          adapter: adapterOf(adapter),
          token,
          options: fromWireOptions(options),
          password,
        },
        changerOf(request),
      );
      await recordFiles(database, filesDir, identifiers);
      return sendThing(reply.code(201), await show(request, made));
    },
  );

  app.get(
    `${path}/:token`,
    {
      schema: {
        ...forMembers,
        operationId: 'getDataSource',
        summary: 'Get a data source',
        description: 'A data source, without its password.',
        params: DataSourcePath,
        response: {
          200: thingResponse('The data source.', reference(DataSourceShown)),
          ...refusals,
        },
      },
      onRequest: members,
    },
    async (request, reply) => sendThing(reply, await show(request, await get(request))),
  );

  app.patch(
    `${path}/:token`,
    {
      schema: {
        ...forAdmins,
        operationId: 'changeDataSource',
        summary: 'Change a data source',
        description:
          'A password is kept for the server that it was given for: where `host` or `port` changes, it is forgotten unless it is ' +
          'sent again.',
        params: DataSourcePath,
        body: reference(DataSourceChange),
        response: {
          200: thingResponse('The data source as it is now.', reference(DataSourceShown)),
          ...refusalsOfChanges,
          ...refusalsOfBodies,
        },
      },
      onRequest: admins,
    },
    async (request, reply) => {
      const body = request.body.data_source;
      requireChange(body, Object.keys(DataSourceChange.properties.data_source.properties));
      const { name, description, password, ...options } = body;
      const changed = await changeDataSource(
        database,
        {
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          options: fromWireOptions(options),
          password,
        },
        oneOf(request),
      );
      await recordFiles(database, filesDir, identifiers);
      return sendThing(reply, await show(request, changed));
    },
  );

  app.delete(
    `${path}/:token`,
    {
      schema: {
        ...forAdmins,
        operationId: 'deleteDataSource',
        summary: 'Delete a data source',
        description:
          'Queries that run on it stay, and their runs fail until there is a data source with its token again.',
        params: DataSourcePath,
        response: {
          204: Type.Null({ description: 'The data source is gone.' }),
          ...refusalsOfChanges,
        },
      },
      onRequest: admins,
    },
    async (request, reply) => {
      await removeDataSource(database, oneOf(request));
      return reply.code(204).send(null);
    },
  );
}
