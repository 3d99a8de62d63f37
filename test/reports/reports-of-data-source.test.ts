import { expect, test } from 'vitest';
import { openReport } from '../support/edited-report.ts';

const SOURCE = 'c93d5b1a7e20';
const path = `/api/acme/data_sources/${SOURCE}/reports`;
const onIt = { name: 'Orders', raw_query: 'select 1', data_source_token: SOURCE };

/** Names of the reports that use the data source, as who asks sees them, in the order of the answer. */
async function openNames() {
  const parts = await openReport();
  const { get, admin } = parts;
  const names = async (by = admin, parameters = ''): Promise<string[]> => {
    const response = await get(`${path}${parameters}`, by);
    expect(response.statusCode, response.body).toBe(200);
    return response.json()._embedded.reports.map(({ name }: { name: string }) => name);
  };
  return { ...parts, names };
}

test('the reports with a query on a data source are listed once each, as their queries are now', async () => {
  const { as, report, addQuery, names } = await openNames();
  await addQuery({ ...onIt, data_source_token: null });
  expect(await names()).toEqual([]);
  const [first, second] = [await addQuery(onIt), await addQuery(onIt)];
  expect(await names()).toEqual(['Weekly revenue']);
  await as.ana('PATCH', first, { query: { data_source_token: null } });
  expect(await names()).toEqual(['Weekly revenue']);
  await as.ana('DELETE', second);
  expect(await names()).toEqual([]);

  await as.ana('PATCH', first, { query: { data_source_token: SOURCE } });
  expect(await names()).toEqual(['Weekly revenue']);
  await as.ana('PATCH', `${report}/archive`);
  expect(await names()).toEqual([]);
  await as.ana('PATCH', `${report}/unarchive`);
  expect(await names()).toEqual(['Weekly revenue']);
  await as.ana('DELETE', report);
  expect(await names()).toEqual([]);
});

test('a member sees those that are shared and the own ones, oldest first, in pages', async () => {
  const { as, admin, ana, bo, get, names } = await openNames();
  for (const [who, url, name] of [
    ['ana', '/api/acme/reports', 'Of Ana'],
    ['bo', '/api/acme/spaces/finance/reports', 'Shared'],
    ['bo', '/api/acme/reports', 'Of Bo'],
  ] as const) {
    const made = (await as[who]('POST', url, { report: { name } })).json();
    await as[who]('POST', `${made._links.self.href}/queries`, { query: onIt });
  }
  expect(await names(admin)).toEqual(['Of Ana', 'Shared', 'Of Bo']);
  expect(await names(ana)).toEqual(['Of Ana', 'Shared']);
  expect(await names(bo)).toEqual(['Shared', 'Of Bo']);
  const page = (await get(`${path}?per_page=2`, admin)).json();
  expect(page.pagination).toMatchObject({ count: 2, total_count: 3, total_pages: 2 });
  expect(page._links.next_page.href).toBe(`${path}?page=2&per_page=2`);
  expect(await names(admin, '?per_page=2&page=2')).toEqual(['Of Bo']);
  expect(await names(admin, '?page=9')).toEqual([]);
});
