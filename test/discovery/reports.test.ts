import { describe, expect, test } from 'vitest';
import { lists } from '../../src/discovery/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme(shared: number, personal = 0) {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const numbers = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => reportRow(from + i));
  await putRows(workplace.database, acme, lists.reports, numbers(1, shared));
  await putRows(workplace.database, acme, lists.reports, numbers(10_001, personal), {
    personal: true,
  });
  const bearer = await makeBearer(workplace.database, acme);
  return { ...workplace, acme, bearer };
}

describe('a page', () => {
  test('has pagination, rows and links in the documented order', async () => {
    const { get, bearer } = await openAcme(2500);
    const response = await get('/batch/acme/reports?page=2', bearer);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    const body = response.json();
    expect(Object.keys(body)).toEqual(['pagination', 'reports', '_links']);
    expect(body.pagination).toEqual({
      page: 2,
      per_page: 1000,
      count: 1000,
      total_pages: 3,
      total_count: 2500,
    });
    expect(body._links).toEqual({
      next_page: { href: '/batch/acme/reports?page=3&per_page=1000' },
      prev_page: { href: '/batch/acme/reports?page=1&per_page=1000' },
    });
    expect(body.reports[0].name).toBe('Report 1001');
    expect(body.reports).toHaveLength(1000);
    expect(Object.keys(body.reports[0])).toEqual(lists.reports.fields.map((field) => field.name));
  });
});
