import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { findMember } from '../../src/members/member-store.ts';
import { crawlAll, Follower } from '../support/changes.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

/** An organization with a shared space in which an import has left a report with a query and a chart. */
async function openAcme() {
  const workplace = await openWorkplace();
  const { database, send, get } = workplace;
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const admin = await makeBasic(database, acme);
  const member = await makeBasic(database, acme, 'member');
  const [space = 0] = await putRows(database, acme, lists.spaces, [
    { id: 41, token: 'acd5fc167d0g', name: 'Finance', space_type: 'custom' },
  ]);
  const inSpace = { space_id: 41, space_token: 'acd5fc167d0g' };
  const [report = 0] = await putRows(
    database,
    acme,
    lists.reports,
    [
      {
        id: 5244,
        token: '728f6328ea67',
        name: 'Weekly revenue',
        created_at: '2020-05-04T20:17:55.387Z',
        updated_at: '2020-05-05T20:17:55.387Z',
        last_run_at: '2020-05-06T20:17:55.387Z',
        last_run_token: '3ffcbb7b2c63',
        last_run_state: 'failed',
        report_url: '/api/acme/reports/728f6328ea67',
        creator_email: 'member@acme.example',
        ...inSpace,
      },
    ],
    { parent: space },
  );
  const inReport = { report_id: 5244, report_token: '728f6328ea67', ...inSpace };
  const below = { parent: report };
  await putRows(
    database,
    acme,
    lists.queries,
    [{ id: 7, token: 'a5f2cd4f3ad1', name: 'Revenue', raw_query: 'select 1', ...inReport }],
    below,
  );
  await putRows(
    database,
    acme,
    lists.charts,
    [
      {
        id: 9,
        token: '77d0ba2d9c5e',
        chart_type: 'line',
        query_token: 'a5f2cd4f3ad1',
        ...inReport,
      },
    ],
    below,
  );
  const call =
    (authorization: string) =>
    (method: 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, headers: object = {}) =>
      send({
        method,
        url,
        headers: { authorization, ...headers },
        ...(payload && { payload }),
      });
  const row = async (list: string, token: string) => {
    const rows = (await get(`/batch/acme/${list}?include_spaces=all`, bearer)).json()[list];
    return rows.find((one: { token?: string; report_token?: string }) =>
      [one.token, one.report_token].includes(token),
    );
  };
  return {
    ...workplace,
    acme,
    bearer,
    admin,
    member,
    asAdmin: call(admin),
    asMember: call(member),
    row,
  };
}

const path = '/api/acme/reports/728f6328ea67';

test('the report_url of a listed report leads to the report', async () => {
  const { get, bearer, member } = await openAcme();
  const { reports } = (await get('/batch/acme/reports', bearer)).json();
  const response = await get(reports[0].report_url, member);
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('application/hal+json; charset=utf-8');
  const report = response.json();
  expect(report).toMatchObject({
    token: '728f6328ea67',
    id: '5244',
    name: 'Weekly revenue',
    edited_at: null,
    last_saved_at: '2020-05-04T20:17:55.387Z',
    archived: false,
    archived_reason: null,
    shared: true,
    space_token: 'acd5fc167d0g',
    query_count: 1,
    chart_count: 1,
    runs_count: 0,
    view_count: 0,
  });
  expect(report._links.last_run.href).toBe(`${path}/runs/3ffcbb7b2c63`);
  expect((await get(report._links.creator.href, member)).json().email).toBe('member@acme.example');
});

test('a report is found by its token, not by its number', async () => {
  const { get, member } = await openAcme();
  expect((await get('/api/acme/reports/5244', member)).statusCode).toBe(404);
});

describe('making a report', () => {
  test('without a body puts an empty one into the personal space of who makes it', async () => {
    const { asMember, get, member, row, bearer } = await openAcme();
    const made = await asMember('POST', '/api/acme/reports');
    expect(made.statusCode).toBe(201);
    const report = made.json();
    expect(report).toMatchObject({ name: null, shared: false, query_count: 0, edited_at: null });
    expect((await get(report._links.space.href, member)).json().space_type).toBe('private');
    expect((await get('/batch/acme/reports', bearer)).body).not.toContain(report.token);
    expect(await row('reports', report.token)).toMatchObject({
      creator_email: 'member@acme.example',
      report_url: report._links.self.href,
    });
    expect(await row('report_stats', report.token)).toMatchObject({
      view_count: 0,
      editors_emails: [],
    });
  });

  test('in a space puts it there, and is noted with the member', async () => {
    const { asMember, row, get, bearer } = await openAcme();
    for (const [url, report] of [
      ['/api/acme/reports', { name: 'A', space_token: 'acd5fc167d0g' }],
      ['/api/acme/spaces/acd5fc167d0g/reports', { name: 'B', description: 'B' }],
      ['/api/acme/collections/acd5fc167d0g/reports', {}],
    ] as const) {
      const made = await asMember('POST', url, { report });
      expect(made.statusCode, made.body).toBe(201);
      expect(await row('reports', made.json().token)).toMatchObject({
        ...('name' in report && { name: report.name }),
        space_token: 'acd5fc167d0g',
        space_id: 41,
      });
    }
    const { members } = (await get('/batch/acme/members', bearer)).json();
    const one = members.find((listed: { member_email: string }) =>
      listed.member_email.startsWith('member'),
    );
    expect(one).toMatchObject({
      last_report_created_at: '2026-11-23T12:00:00Z',
      last_report_edited_at: null,
    });
  });

  test.each([
    [{ report: { name: 'a'.repeat(256) } }, 'report.name'],
    [{ report: { name: 5 } }, 'report.name'],
    [{ report: { name: '' } }, 'report.name'],
    [{ report: { description: 'a\u0000b' } }, 'report.description'],
    [[], 'body'],
  ])('refuses %j and names the field', async (body, field) => {
    const { asMember } = await openAcme();
    const response = await asMember('POST', '/api/acme/reports', body);
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toContain(field);
  });
});

describe('an edit', () => {
  test('moves edited_at, names the editor and takes the report from its import', async () => {
    const { asMember, row, time, database, acme } = await openAcme();
    time.nowMs += 1000;
    const change = { report: { name: 'Revenue by week' } };
    const response = await asMember('PATCH', path, change);
    expect(response.statusCode, response.body).toBe(200);
    expect(response.json()).toMatchObject({
      name: 'Revenue by week',
      edited_at: '2026-11-23T12:00:01.000Z',
      last_saved_at: '2026-11-23T12:00:01.000Z',
    });
    expect(await row('reports', '728f6328ea67')).toMatchObject({
      name: 'Revenue by week',
      edited_at: '2026-11-23T12:00:01.000Z',
      updated_at: '2026-11-23T12:00:01.000Z',
      last_run_token: '3ffcbb7b2c63',
    });
    expect(await row('report_stats', '728f6328ea67')).toMatchObject({
      editors_emails: ['member@acme.example'],
    });
    const imported = await database.all(
      'select token from discovery_rows where organization_id = ? and source_id is not null',
      [acme.id],
    );
    expect(imported).toEqual([]);
  });

  test('that changes nothing is none', async () => {
    const { asMember, bearer, get } = await openAcme();
    const before = (await get('/batch/acme/changes', bearer)).body;
    const response = await asMember('PATCH', path, { report: { name: 'Weekly revenue' } });
    expect(response.json()).toMatchObject({ edited_at: null });
    expect((await get('/batch/acme/changes', bearer)).body).toBe(before);
  });

  test('of nothing is refused', async () => {
    const { asMember } = await openAcme();
    const response = await asMember('PATCH', path, { report: {} });
    expect(response.statusCode).toBe(400);
    expect(response.json().message).toMatch(/name, description, .*space_token/);
  });

  test('of another state than the caller knows is refused, whatever ran meanwhile', async () => {
    const { asMember, get, member, database, acme, send } = await openAcme();
    const { etag } = (await get(path, member)).headers;
    await send({ method: 'POST', url: `${path}/views`, headers: { authorization: member } });
    const known = { 'if-match': String(etag) };
    const first = await asMember('PATCH', path, { report: { name: 'A' } }, known);
    expect(first.statusCode, first.body).toBe(200);
    const second = await asMember('PATCH', path, { report: { name: 'B' } }, known);
    expect(second.statusCode).toBe(412);
    expect(second.json().id).toBe('precondition_failed');
    expect((await asMember('DELETE', path, undefined, known)).statusCode).toBe(412);
    const fresh = { 'if-match': String(first.headers.etag) };
    expect((await asMember('PATCH', path, { report: { name: 'B' } }, fresh)).statusCode).toBe(200);
    expect(await findMember(database, acme.id, 'member@acme.example')).toBeDefined();
  });
});

describe('moving a report', () => {
  test('takes its queries and charts along, and is no edit', async () => {
    const { asAdmin, row, get, admin } = await openAcme();
    const made = await asAdmin('POST', '/api/acme/spaces', { space: { name: 'Sales' } });
    const { token, id } = made.json();
    const response = await asAdmin('PATCH', path, { report: { space_token: token } });
    expect(response.json()).toMatchObject({ space_token: token, edited_at: null });
    const inSpace = { space_token: token, space_id: Number(id) };
    expect(await row('queries', 'a5f2cd4f3ad1')).toMatchObject(inSpace);
    expect(await row('charts', '77d0ba2d9c5e')).toMatchObject(inSpace);
    expect((await get(`/api/acme/spaces/${token}/reports`, admin)).json().pagination.count).toBe(1);
    const left = await get('/api/acme/spaces/acd5fc167d0g/reports', admin);
    expect(left.json()._embedded.reports).toEqual([]);
  });

  test('into one’s personal space takes it from everybody else: for who made it', async () => {
    const { asMember, database, acme, send, get, bearer } = await openAcme();
    const other = await makeBasic(database, acme, 'member', 'other@acme.example');
    const own = (await asMember('POST', '/api/acme/reports')).json().space_token;
    const others = (
      await send({ method: 'POST', url: '/api/acme/reports', headers: { authorization: other } })
    ).json().space_token;
    const moveTo = (authorization: string, space_token: string) =>
      send({
        method: 'PATCH',
        url: path,
        headers: { authorization },
        payload: { report: { space_token } },
      });
    expect((await moveTo(other, others)).statusCode).toBe(403);
    const hidden = await moveTo(other, own);
    expect(hidden.statusCode).toBe(404);
    expect(hidden.body).toBe((await moveTo(other, 'never')).body);
    expect((await get(path, other)).statusCode).toBe(200);

    const member = await makeBasic(database, acme, 'member');
    expect((await moveTo(member, own)).json()).toMatchObject({ shared: false });
    expect((await get(path, other)).body).toBe((await get('/api/acme/reports/never', other)).body);
    for (const list of ['reports', 'queries', 'charts']) {
      expect((await get(`/batch/acme/${list}`, bearer)).json().pagination.total_count).toBe(0);
    }
    expect((await moveTo(member, 'acd5fc167d0g')).json()).toMatchObject({ shared: true });
    expect((await get('/batch/acme/charts', bearer)).json().pagination.total_count).toBe(1);
  });
});

describe('an archived report', () => {
  test('leaves all lists with what is in it, and comes back to its place with the same bytes', async () => {
    const { asMember, asAdmin, get, member, bearer, ...workplace } = await openAcme();
    await asMember('PATCH', path, { report: { description: 'By week' } });
    await asMember('POST', '/api/acme/spaces/acd5fc167d0g/reports');
    const before = await crawlAll({ get }, 'acme', bearer);
    const follower = new Follower({ get }, 'acme', bearer);
    await follower.catchUp();

    const archived = await asMember('PATCH', `${path}/archive`);
    expect(archived.json()).toMatchObject({ archived: true, query_count: 1, chart_count: 1 });
    const without = await crawlAll({ get }, 'acme', bearer);
    for (const list of ['reports', 'report_stats', 'queries', 'charts']) {
      expect(without[list]).not.toContain('728f6328ea67');
    }
    await follower.catchUp();
    expect(follower.copy()).toEqual(without);
    expect((await get(path, member)).json()).toMatchObject({ archived: true });

    const inSpace = '/api/acme/spaces/acd5fc167d0g/reports';
    for (const [filter, count] of [
      ['', 2],
      ['?filter=all', 2],
      ['?filter=archived', 1],
      ['?filter=updated_at.gt.2021', 2],
    ] as const) {
      expect((await get(`${inSpace}${filter}`, member)).json().pagination.count).toBe(count);
    }
    expect((await asMember('PATCH', path, { report: { name: 'A' } })).statusCode).toBe(409);
    expect((await asMember('PATCH', `${path}/archive`)).statusCode).toBe(200);

    expect((await asAdmin('PATCH', `${path}/unarchive`)).json()).toMatchObject({ archived: false });
    expect(await crawlAll({ get }, 'acme', bearer)).toEqual(before);
    await follower.catchUp();
    expect(follower.copy()).toEqual(before);
    expect(workplace.acme.username).toBe('acme');
  });

  test('is archived and deleted by admins and who made it', async () => {
    const { send, database, acme } = await openAcme();
    const other = await makeBasic(database, acme, 'member', 'other@acme.example');
    for (const [method, url] of [
      ['PATCH', `${path}/archive`],
      ['PATCH', `${path}/unarchive`],
      ['DELETE', path],
    ] as const) {
      const response = await send({ method, url, headers: { authorization: other } });
      expect(response.statusCode).toBe(403);
    }
  });
});

test('a deleted report is gone with all that was in it', async () => {
  const { asMember, get, member, bearer } = await openAcme();
  await asMember('PATCH', path, { report: { name: 'A' } });
  await asMember('PATCH', `${path}/archive`);
  expect((await asMember('DELETE', path)).statusCode).toBe(204);
  expect((await get(path, member)).body).toBe((await get('/api/acme/reports/never', member)).body);
  const crawled = await crawlAll({ get }, 'acme', bearer);
  for (const list of ['reports', 'report_stats', 'queries', 'charts'])
    expect(crawled[list]).toBe('');
});

test('reports of a space come in the order that is asked for, 30 a page', async () => {
  const { asMember, get, member, time } = await openAcme();
  for (let number = 0; number < 33; number++) {
    time.nowMs += 1000;
    await asMember('POST', '/api/acme/spaces/acd5fc167d0g/reports', {
      report: { name: `Report ${String((number * 7) % 33).padStart(2, '0')}` },
    });
  }
  const url = '/api/acme/spaces/acd5fc167d0g/reports';
  const first = (await get(`${url}?order_by=name&order=desc&per_page=100`, member)).json();
  expect(first.pagination).toMatchObject({ per_page: 30, total_count: 34, total_pages: 2 });
  const rest = (await get(first._links.next_page.href, member)).json();
  const names = [...first._embedded.reports, ...rest._embedded.reports].map(({ name }) => name);
  expect(names).toEqual(names.toSorted().toReversed());
  const inList = (await get(url, member)).json()._embedded.reports;
  expect(inList[0].name).toBe('Weekly revenue');
  expect((await get(`${url}?page=9`, member)).json()._embedded.reports).toEqual([]);
  expect((await get(`${url}?order_by=size`, member)).statusCode).toBe(400);
});

describe('a report in a personal space', () => {
  test('is as absent for another member as one that never was, whatever is done with it', async () => {
    const { asMember, send, database, acme, get, admin } = await openAcme();
    const { token } = (await asMember('POST', '/api/acme/reports')).json();
    const other = await makeBasic(database, acme, 'member', 'other@acme.example');
    for (const [method, end, payload] of [
      ['GET', ''],
      ['PATCH', '', { report: { name: 'A' } }],
      ['DELETE', ''],
      ['PATCH', '/archive'],
      ['PATCH', '/unarchive'],
    ] as const) {
      const ask = (name: string) =>
        send({
          method,
          url: `/api/acme/reports/${name}${end}`,
          headers: { authorization: other },
          ...(payload && { payload }),
        });
      const there = await ask(token);
      expect(there.statusCode).toBe(404);
      expect(there.body).toBe((await ask('0123456789ab')).body);
    }
    expect((await get(`/api/acme/reports/${token}`, admin)).statusCode).toBe(200);
  });
});
