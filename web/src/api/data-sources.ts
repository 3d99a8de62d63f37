import { CancelledError, useQuery } from '@tanstack/react-query';
import type { NewDataSource } from '../../../src/data-sources/data-source-bodies.ts';
import type {
  DataSourceShown,
  DataSourceTest,
  Tables,
} from '../../../src/data-sources/data-source-schema.ts';
import { call } from './call.ts';
import { queryClient } from './client.ts';

export type DataSource = DataSourceShown;
export type { DataSourceTest };
/** What a form sends: the options of the adapter, and a password only where one was written. */
export type DataSourceFields = Omit<NewDataSource['data_source'], 'adapter' | 'token'>;
export type SourceTable = Tables['_embedded']['tables'][number];

const keyOf = (organization: string) => ['data-sources', organization];

export function useDataSources(organization: string) {
  return useQuery({
    queryKey: keyOf(organization),
    queryFn: async ({ signal }) => {
      const path = 'GET /api/:organization/data_sources';
      const list = await call(path, { params: { organization }, signal });
      return list._embedded.data_sources;
    },
    staleTime: 60_000,
  });
}

/** What is in a data source, for completion and to look at. */
export function useTables(organization: string, token: string | undefined) {
  return useQuery({
    queryKey: [...keyOf(organization), token, 'tables'],
    queryFn: async ({ signal }) => {
      const params = { organization, token: String(token) };
      const path = 'GET /api/:organization/data_sources/:token/tables';
      return (await call(path, { params, signal }))._embedded.tables;
    },
    enabled: token !== undefined,
    staleTime: 5 * 60_000,
  });
}

export async function createDataSource(
  organization: string,
  fields: DataSourceFields & Pick<DataSource, 'adapter'>,
): Promise<DataSource> {
  const created = await call('POST /api/:organization/data_sources', {
    params: { organization },
    body: { data_source: fields },
  });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
  return created;
}

export async function changeDataSource(
  organization: string,
  token: string,
  fields: DataSourceFields,
): Promise<DataSource> {
  const changed = await call('PATCH /api/:organization/data_sources/:token', {
    params: { organization, token },
    body: { data_source: fields },
  });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
  return changed;
}

export async function deleteDataSource(organization: string, token: string): Promise<void> {
  await call('DELETE /api/:organization/data_sources/:token', { params: { organization, token } });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

const testOf = (organization: string, token: string) => ({
  queryKey: ['data-source-tests', organization, token],
  queryFn: () => {
    const params = { organization, token };
    return call('POST /api/:organization/data_sources/:token/test', { params });
  },
  retry: false,
});

/** What the last test of a connection found. It is tested only when that is asked for. */
export function useDataSourceTest(organization: string, token: string) {
  return useQuery({ ...testOf(organization, token), enabled: false });
}

/**
 * Tests a connection, and forgets what was found before.
 *
 * @returns undefined where another test was begun meanwhile.
 * @throws RollcallError where the connection could not be tested.
 */
export async function testDataSource(
  organization: string,
  token: string,
): Promise<DataSourceTest | undefined> {
  const test = testOf(organization, token);
  void queryClient.resetQueries({ queryKey: test.queryKey });
  try {
    return await queryClient.fetchQuery(test);
  } catch (error) {
    if (error instanceof CancelledError) return undefined;
    throw error;
  }
}
