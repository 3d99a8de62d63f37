import { describe, expect, test } from 'vitest';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { type GivenRow, patched, toBytes } from '../../src/inventory/row.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const bearer = await makeBearer(workplace.database, acme);
  return {
    ...workplace,
    acme,
    put: (name: ListName, ...rows: GivenRow[]) =>
      putRows(workplace.database, acme, lists[name], rows),
    list: (name: ListName, rest = '') => workplace.get(`/batch/acme/${name}${rest}`, bearer),
  };
}

const keys: Record<ListName, string[]> = {
  reports: [
    'id',
    'token',
    'name',
    'description',
    'created_at',
    'edited_at',
    'updated_at',
    'last_successfully_run_at',
    'last_viewed_at',
    'last_run_at',
    'last_run_token',
    'last_run_state',
    'creator_email',
    'space_id',
    'space_token',
    'report_url',
  ],
  report_stats: [
    'report_id',
    'report_token',
    'active_schedules_count',
    'explorations_count',
    'view_count',
    'total_views_count',
    'recent_manual_run_creators_emails',
    'scheduled_run_creators_emails',
    'editors_emails',
  ],
  spaces: ['id', 'token', 'name', 'description', 'space_type', 'space_url'],
  queries: [
    'id',
    'token',
    'name',
    'raw_query',
    'creator_email',
    'data_source_token',
    'report_id',
    'report_token',
    'space_id',
    'space_token',
  ],
  charts: [
    'id',
    'token',
    'chart_type',
    'chart_title',
    'query_id',
    'query_token',
    'report_id',
    'report_token',
    'report_creator_email',
    'space_id',
    'space_token',
    'exploration_url',
  ],
  members: [
    'id',
    'token',
    'state',
    'member_email',
    'member_token',
    'member_username',
    'banned_at',
    'activated_at',
    'last_report_created_at',
    'last_report_viewed_at',
    'last_report_run_at',
    'last_report_edited_at',
    'total_days_engaged',
    'last_exploration_created_at',
    'last_exploration_updated_at',
    'last_day_engaged',
    'last_day_api_engaged',
    'last_day_in_app_engaged',
  ],
};

/** What a row needs to be one. */
const least = { id: 7, token: 'abc', report_id: 8, report_token: 'def' };

test('there are six lists', () => {
  expect(Object.keys(lists).sort()).toEqual(Object.keys(keys).sort());
});

describe.each(Object.keys(keys) as ListName[])('a row of %s', (name) => {
  test('has every documented key in its order, null or an empty list when unknown', async () => {
    const { put, list } = await openAcme();
    await put(name, least);
    const [row] = (await list(name)).json()[name];
    expect(Object.keys(row)).toEqual(keys[name]);
    for (const [key, value] of Object.entries(row)) {
      if (key in least) expect(value).toBe(least[key as keyof typeof least]);
      else expect(value).toEqual(key.endsWith('_emails') ? [] : null);
    }
  });

  test('has no other key', async () => {
    const { put, list } = await openAcme();
    await put(name, { ...least, surplus: 1 });
    const [row] = (await list(name)).json()[name];
    expect(Object.keys(row)).toEqual(keys[name]);
  });

  test('lies under the name of the list, between pagination and links', async () => {
    const { put, list } = await openAcme();
    await put(name, least);
    const response = await list(name);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(Object.keys(response.json())).toEqual(['pagination', name, '_links']);
    expect(Object.keys(response.json().pagination)).toEqual([
      'page',
      'per_page',
      'count',
      'total_pages',
      'total_count',
    ]);
    expect(response.json()._links.prev_page.href).toBe(`/batch/acme/${name}?page=1&per_page=1000`);
  });

  test('is listed at an address with a slash at its end too', async () => {
    const { put, list } = await openAcme();
    await put(name, least);
    expect((await list(name, '/?per_page=5')).body).toBe((await list(name, '?per_page=5')).body);
  });
});

test('a page is these bytes', async () => {
  const { put, list } = await openAcme();
  await put(
    'reports',
    {
      id: 5244,
      token: '728f6328ea67',
      created_at: '2020-05-04T20:17:55.387Z',
      updated_at: '2020-05-04T20:17:55.387Z',
      creator_email: 'creator@company.com',
      space_id: 41,
      space_token: 'acd5fc167d0g',
      report_url: '/api/acme/reports/728f6328ea67',
    },
    { id: 5412, token: 'bfe4fc361d9f', name: 'Çok "iyi" \u2028 🗂️ </script>', description: '' },
    { id: 5413, token: 'x' },
  );
  const unknown =
    '"created_at":null,"edited_at":null,"updated_at":null,"last_successfully_run_at":null,' +
    '"last_viewed_at":null,"last_run_at":null,"last_run_token":null,"last_run_state":null,' +
    '"creator_email":null,"space_id":null,"space_token":null,"report_url":null';
  const response = await list('reports', '?per_page=2');
  expect(response.body).toBe(
    '{"pagination":{"page":1,"per_page":2,"count":2,"total_pages":2,"total_count":3},"reports":[' +
      '{"id":5244,"token":"728f6328ea67","name":null,"description":null,' +
      '"created_at":"2020-05-04T20:17:55.387Z","edited_at":null,"updated_at":"2020-05-04T20:17:55.387Z",' +
      '"last_successfully_run_at":null,"last_viewed_at":null,"last_run_at":null,"last_run_token":null,' +
      '"last_run_state":null,"creator_email":"creator@company.com","space_id":41,' +
      '"space_token":"acd5fc167d0g","report_url":"/api/acme/reports/728f6328ea67"},' +
      `{"id":5412,"token":"bfe4fc361d9f","name":"Çok \\"iyi\\" \u2028 🗂️ </script>","description":"",${unknown}}` +
      '],"_links":{"next_page":{"href":"/batch/acme/reports?page=2&per_page=2"},' +
      '"prev_page":{"href":"/batch/acme/reports?page=1&per_page=2"}}}',
  );
  expect(response.headers['content-length']).toBe(String(Buffer.byteLength(response.body)));
});

describe('times', () => {
  test('have milliseconds and Z, in whatever form they came', async () => {
    const { put, list } = await openAcme();
    const forms = [
      '2020-05-04T20:17:55.387Z',
      '2020-05-04T22:17:55.387+02:00',
      '2020-05-04T20:17:55.387123Z',
    ];
    await put('reports', ...forms.map((created_at, id) => ({ id, token: `${id}`, created_at })));
    const { reports } = (await list('reports')).json();
    for (const report of reports) expect(report.created_at).toBe('2020-05-04T20:17:55.387Z');
  });

  test('of members are in whole seconds', async () => {
    const { put, list, database, acme } = await openAcme();
    await put('members', { ...least, activated_at: '2010-04-10T14:43:40.999Z' });
    await makeBasic(database, acme);
    const { members } = (await list('members')).json();
    expect(members[0].activated_at).toBe('2010-04-10T14:43:40Z');
    expect(members[1].activated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });
});

test('a change keeps fields that only a newer version knows', () => {
  const newer = toBytes({ id: 1, token: 'abc', name: 'old', owner: 'ana', tags: ['a'] });
  const row = JSON.parse(String(patched(lists.spaces, newer, { name: 'new' })));
  expect(row).toMatchObject({ id: 1, token: 'abc', name: 'new', owner: 'ana', tags: ['a'] });
});

test('views are counted under both of their names', async () => {
  const { put, list } = await openAcme();
  await put('report_stats', { ...least, view_count: 12, total_views_count: 12 });
  const [row] = (await list('report_stats')).json().report_stats;
  expect(row).toMatchObject({ view_count: 12, total_views_count: 12 });
});
