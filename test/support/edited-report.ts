import type { LightMyRequestResponse } from 'fastify';
import { insertDataSource } from '../../src/data-sources/data-source-store.ts';
import { openAcme } from './acme.ts';

export type Call = (
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  headers?: Record<string, string>,
) => Promise<LightMyRequestResponse>;

/** The organization acme with a data source, and a report of ana's in the shared space. */
export async function openReport() {
  const acme = await openAcme();
  const { send, database, acme: organization } = acme;
  const callerOf =
    (authorization: string): Call =>
    (method, url, payload, headers = {}) =>
      send({ method, url, headers: { authorization, ...headers }, ...(payload && { payload }) });
  const as = {
    admin: callerOf(acme.admin),
    ana: callerOf(acme.ana),
    bo: callerOf(acme.bo),
  };
  await insertDataSource(database, organization.id, {
    id: 1_000_000_500,
    token: 'c93d5b1a7e20',
    name: 'Warehouse',
    description: null,
    adapter: 'duckdb',
    options: {},
    sealedSecrets: null,
    creatorSlot: null,
    createdAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
  });
  const made = await as.ana('POST', '/api/acme/spaces/finance/reports', {
    report: { name: 'Weekly revenue' },
  });
  const report: string = made.json()._links.self.href;

  const addQuery = async (query: object = { name: 'Revenue', raw_query: 'select 1' }) =>
    (await as.ana('POST', `${report}/queries`, { query })).json()._links.self.href as string;
  const addChart = async (query: string, chart: object = { chart_type: 'line' }) =>
    (await as.ana('POST', `${query}/charts`, { chart })).json()._links.self.href as string;
  return { ...acme, as, report, reportToken: made.json().token as string, addQuery, addChart };
}
