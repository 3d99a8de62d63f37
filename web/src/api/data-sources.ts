import { useQuery } from '@tanstack/react-query';
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
): Promise<void> {
  await call('POST /api/:organization/data_sources', {
    params: { organization },
    body: { data_source: fields },
  });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

export async function changeDataSource(
  organization: string,
  token: string,
  fields: DataSourceFields,
): Promise<void> {
  await call('PATCH /api/:organization/data_sources/:token', {
    params: { organization, token },
    body: { data_source: fields },
  });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

export async function deleteDataSource(organization: string, token: string): Promise<void> {
  await call('DELETE /api/:organization/data_sources/:token', { params: { organization, token } });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

export function testDataSource(organization: string, token: string): Promise<DataSourceTest> {
  const params = { organization, token };
  return call('POST /api/:organization/data_sources/:token/test', { params });
}
