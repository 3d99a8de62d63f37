import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { halResponse, wholeList } from '../http/hal.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { type RouteRequest, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { getDataSource } from './change-data-sources.ts';
import { DataSourceTest, Tables, toTable } from './data-source-schema.ts';
import type { Connection } from './kinds.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { type ConnectionParts, openConnection } from './open-connection.ts';
import { QueryError } from './query-error.ts';
import type { QueryProcesses } from './query-processes.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  connections: ConnectionParts;
  queryProcesses: QueryProcesses;
};

/** Each look takes a process. However many members open an editor, a server starts no more of them at once. */
const LOOKS_AT_ONCE = 4;

const DataSourcePath = tokenPath('Token of the data source.', 'a1f0c7d2e9b4');

/** What a data source is asked beside queries: whether it answers, and what is in it. */
export function addUseDataSourceRoutes(app: FastifyInstance, parts: Parts): void {
  const { database, authentication, connections, queryProcesses } = parts;
  const path = '/api/:organization/data_sources/:token';
  const { members, admins } = admit(app, authentication);
  const common = { tag: 'Data sources', params: DataSourcePath };
  const forMembers = { ...common, admits: members };
  const forAdmins = { ...common, admits: admins };
  const inTurn = limitConcurrency(LOOKS_AT_ONCE);

  route(app, 'POST', `${path}/test`, {
    ...forAdmins,
    operationId: 'testDataSource',
    summary: 'Test a data source',
    description: 'Connects to the data source. A failed connection returns 200 with the reason.',
    answers: { 200: halResponse('Outcome of the query.', reference(DataSourceTest)) },
    handler: async (request): Promise<DataSourceTest> => {
      const { connect } = await find(request);
      try {
        await inTurn(() => queryProcesses.test(connect()));
        return { state: 'succeeded', error_code: null, error_message: null };
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        const { code, message } = error;
        return { state: 'failed', error_code: code, error_message: message };
      }
    },
  });

  route(app, 'GET', `${path}/tables`, {
    ...forMembers,
    operationId: 'listTables',
    summary: 'List the tables of a data source',
    description:
      'The tables that queries can read, with their columns, from the data source itself. The list is not paged.',
    answers: { 200: halResponse('The tables.', Tables) },
    refuses: ['data_source_failed'],
    handler: async (request) => {
      const { self, connect } = await find(request);
      try {
        const tables = await inTurn(() => queryProcesses.describe(connect()));
        return wholeList('tables', `${self}/tables`, tables.map(toTable));
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        throw new ApiError('data_source_failed', error.message);
      }
    },
  });

  /** The data source in the path: where it is found, and how to connect to it. */
  async function find(
    request: RouteRequest<{ token: string }>,
  ): Promise<{ self: string; connect: () => Connection }> {
    const { organization } = callerOf(request);
    const { token } = request.params;
    const found = await getDataSource(database, organization.id, token);
    return {
      self: `/api/${organization.username}/data_sources/${token}`,
      connect: () => openConnection(organization, found, connections),
    };
  }
}
