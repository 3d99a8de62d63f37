import { useQuery } from '@tanstack/react-query';
import { api, queryClient } from './client.ts';

export type DataSource = {
  token: string;
  name: string;
  description: string | null;
  adapter: string;
  host: string | null;
  port: number | null;
  database: string | null;
  username: string | null;
  has_password: boolean;
  ssl_mode: string | null;
  folder: string | null;
  file: string | null;
  created_at: string;
};

/** What a form sends: the options of the adapter, and a password only where one was written. */
export type DataSourceFields = { name: string; description: string | null } & Record<
  string,
  string | number | null
>;

export type TestOutcome = {
  state: 'succeeded' | 'failed';
  error_code: string | null;
  error_message: string | null;
};

export type SourceTable = {
  name: string;
  columns: { name: string; type: string; note: string | null }[];
  /** The file that it is read from, where it is one. */
  file: { name: string; encoding: string | null; notes: string[]; error: string | null } | null;
};

const path = (organization: string, token?: string) =>
  `/api/${organization}/data_sources${token === undefined ? '' : `/${token}`}`;
const keyOf = (organization: string) => ['data-sources', organization];

export function useDataSources(organization: string) {
  return useQuery({
    queryKey: keyOf(organization),
    queryFn: async ({ signal }) => {
      type List = { _embedded: { data_sources: DataSource[] } };
      const list = await api.get<List>(path(organization), { signal });
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
      type List = { _embedded: { tables: SourceTable[] } };
      const list = await api.get<List>(`${path(organization, token)}/tables`, { signal });
      return list._embedded.tables;
    },
    enabled: token !== undefined,
    staleTime: 5 * 60_000,
  });
}

export async function createDataSource(
  organization: string,
  fields: DataSourceFields & { adapter: string },
): Promise<void> {
  await api.send('POST', path(organization), { data_source: fields });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

export async function changeDataSource(
  organization: string,
  token: string,
  fields: DataSourceFields,
): Promise<void> {
  await api.send('PATCH', path(organization, token), { data_source: fields });
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

export async function deleteDataSource(organization: string, token: string): Promise<void> {
  await api.send('DELETE', path(organization, token));
  await queryClient.invalidateQueries({ queryKey: keyOf(organization) });
}

export async function testDataSource(organization: string, token: string): Promise<TestOutcome> {
  return api.send('POST', `${path(organization, token)}/test`);
}
