import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { findMember } from '../../src/members/member-store.ts';
import { insertSpaceOwner } from '../../src/spaces/space-owner-store.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const { database, get } = workplace;
  const acme = await makeOrganization(database);
  const admin = await makeBasic(database, acme);
  const ana = await makeBasic(database, acme, 'member', 'ana@acme.example');
  const ben = await makeBasic(database, acme, 'member', 'ben@acme.example');
  const space = async (id: number, name: string, personal = false) => {
    const row = { id, token: `space${id}`, name, space_type: personal ? 'private' : 'custom' };
    const [slot = 0] = await putRows(database, acme, lists.spaces, [row], { personal });
    return slot;
  };
  const finance = await space(1, 'Finance');
  const ofAna = await space(2, 'Ana', true);
  const anaSlot = (await findMember(database, acme.id, 'ana@acme.example'))?.slot ?? 0;
  await insertSpaceOwner(database, acme.id, { spaceSlot: ofAna, memberSlot: anaSlot });
  const nobodys = await space(3, 'Imported', true);
  const report = async (id: number, parent: number, more: GivenRow = {}) => {
    const personal = parent !== finance;
    const token = `space${[finance, ofAna, nobodys].indexOf(parent) + 1}`;
    const row = reportRow(id, { space_token: token, ...more });
    return putRows(database, acme, lists.reports, [row], { parent, personal });
  };
  const list = async (parameters: string, by = admin) => {
    const response = await get(`/api/acme/reports?${parameters}`, by);
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };
  const names = async (parameters: string, by = admin): Promise<string[]> =>
    (await list(parameters, by))._embedded.reports.map((one: { name: string }) => one.name);
  return { ...workplace, acme, admin, ana, ben, finance, ofAna, nobodys, report, list, names };
}

test('a report is listed with what is known of it', async () => {
  const { database, acme, finance, report, list } = await openAcme();
  const [slot = 0] = await report(1, finance, {
    name: 'Weekly revenue',
    last_run_at: '2026-11-20T08:00:00.000Z',
    last_run_token: '3ffcbb7b2c63',
    last_run_state: 'failed',
    creator_email: 'ana@acme.example',
  });
  const of = { report_id: 1, report_token: '000000000001' };
  const parent = { parent: slot };
  await putRows(
    database,
    acme,
    lists.report_stats,
    [{ ...of, view_count: 7, active_schedules_count: 2 }],
    parent,
  );
  await putRows(database, acme, lists.queries, [{ id: 1, token: 'q1', ...of }], parent);
  for (const [index, chart_type] of ['line', 'bar', 'line'].entries()) {
    const chart = { id: index + 1, token: `c${index}`, chart_type, ...of };
    await putRows(database, acme, lists.charts, [chart], parent);
  }
  const { _embedded, pagination } = await list('');
  expect(pagination).toMatchObject({ total_count: 1, page: 1, per_page: 30 });
  expect(_embedded.reports).toEqual([
    {
      token: '000000000001',
      id: '1',
      name: 'Weekly revenue',
      description: null,
      type: 'Report',
      archived: false,
      space_token: 'space1',
      space_name: 'Finance',
      personal: false,
      favorite: false,
      creator_email: 'ana@acme.example',
      created_at: '2026-01-01T00:00:00.000Z',
      edited_at: null,
      updated_at: null,
      last_run_at: '2026-11-20T08:00:00.000Z',
      last_run_state: 'failed',
      last_successfully_run_at: null,
      last_viewed_at: null,
      view_count: 7,
      active_schedules_count: 2,
      query_count: 1,
      chart_types: ['bar', 'line'],
      _links: {
        self: { href: '/api/acme/reports/000000000001' },
        space: { href: '/api/acme/spaces/space1' },
        last_run: { href: '/api/acme/reports/000000000001/runs/3ffcbb7b2c63' },
      },
    },
  ]);
});

test('members find what is shared and what is their own, and nothing tells them of the rest', async () => {
  const { finance, ofAna, nobodys, report, list, names, admin, ana, ben } = await openAcme();
  await report(1, finance, { name: 'shared secret' });
  await report(2, ofAna, { name: 'own secret' });
  await report(3, nobodys, { name: 'imported secret' });
  expect(await names('q=secret&order_by=name', admin)).toEqual([
    'imported secret',
    'own secret',
    'shared secret',
  ]);
  expect(await names('q=secret&order_by=name', ana)).toEqual(['own secret', 'shared secret']);
  expect(await names('q=secret&order_by=name', ben)).toEqual(['shared secret']);
  expect((await list('facets=true', ben)).facets).toEqual({
    spaces: [{ token: 'space1', name: 'Finance', count: 1 }],
    states: [{ state: null, count: 1 }],
  });
  const absent = await list('space=space9', ben);
  const hidden = await list('space=space2', ben);
  expect(hidden.pagination).toEqual(absent.pagination);
  expect(hidden._embedded).toEqual(absent._embedded);
});

test('parameters let through what all of them do', async () => {
  const { finance, ofAna, report, names } = await openAcme();
  const day = (text: string) => `2026-${text}T00:00:00.000Z`;
  await report(1, finance, {
    name: 'b',
    creator_email: 'ana@acme.example',
    edited_at: day('02-01'),
  });
  await report(2, finance, {
    name: 'a',
    creator_email: 'left@acme.example',
    last_run_at: day('03-01'),
    last_run_state: 'failed',
    edited_at: day('01-01'),
  });
  await report(3, ofAna, {
    name: 'c',
    creator_email: 'BEN@acme.example',
    last_run_at: day('04-01'),
    last_run_state: 'succeeded',
    last_successfully_run_at: day('04-01'),
    last_viewed_at: day('05-01'),
  });
  for (const [parameters, expected] of [
    ['', ['b', 'a', 'c']],
    ['order_by=name', ['a', 'b', 'c']],
    ['order_by=name&order=desc', ['c', 'b', 'a']],
    ['order_by=edited_at', ['a', 'b', 'c']],
    ['order_by=edited_at&order=desc', ['b', 'a', 'c']],
    ['space=space1', ['b', 'a']],
    ['space=space1,space2&creator=ben@acme.example', ['c']],
    ['creator=ana@acme.example&creator=ben@acme.example', ['b', 'c']],
    ['state=failed,succeeded', ['a', 'c']],
    ['failing=true', ['a']],
    ['never_run=true', ['b']],
    ['never_viewed=true', ['b', 'a']],
    ['no_owner=true', ['a']],
    ['stale_since=2026-04-01', ['b', 'a']],
    ['stale_since=2026-04-01T00:00:00.001Z', ['b', 'a', 'c']],
    ['order_by=space', ['c', 'b', 'a']],
    ['order_by=space&order=desc', ['b', 'a', 'c']],
    ['order_by=creator', ['b', 'c', 'a']],
    ['archived=true', []],
    ['archived=all', ['b', 'a', 'c']],
    ['q=acme&failing=false', ['c', 'a', 'b']],
    ['per_page=1&page=2', ['a']],
    ['page=9', []],
  ] as const) {
    expect(await names(parameters), parameters).toEqual(expected);
  }
});

test('pages hold 30, up to 100, and lead to each other with what was asked for', async () => {
  const { database, acme, list, get, admin } = await openAcme();
  const rows = Array.from({ length: 130 }, (_, index) =>
    reportRow(index + 1, { description: 'a b' }),
  );
  await putRows(database, acme, lists.reports, rows);
  const first = await list('q=a%20b&archived=all&per_page=500');
  expect(first.pagination).toMatchObject({ per_page: 100, count: 100, total_pages: 2 });
  const { href } = first._links.next_page;
  expect(href).toBe('/api/acme/reports?q=a%20b&archived=all&page=2&per_page=100');
  const second = (await get(href, admin)).json();
  expect(second.pagination).toMatchObject({ count: 30, total_count: 130 });
  expect((await list('')).pagination.count).toBe(30);
});

test('a refusal names the parameter', async () => {
  const { get, admin } = await openAcme();
  for (const parameters of [
    'order_by=size',
    'order=up',
    'archived=maybe',
    'failing=1',
    'stale_since=yesterday',
    'page=0',
    'per_page=x',
    `q=${'x'.repeat(501)}`,
    `space=${'x,'.repeat(51)}`,
    'q=a&q=b',
  ]) {
    const response = await get(`/api/acme/reports?${parameters}`, admin);
    expect(response.statusCode, parameters).toBe(400);
    expect(response.json().message).toContain(parameters.split('=')[0]);
  }
});
