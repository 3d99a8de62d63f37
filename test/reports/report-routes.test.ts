import { describe, expect, test } from 'vitest';
import { lists } from '../../src/discovery/lists.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  const shared = {
    id: 5244,
    token: '728f6328ea67',
    name: 'Weekly revenue',
    created_at: '2020-05-04T20:17:55.387Z',
    updated_at: '2020-05-05T20:17:55.387Z',
    last_run_at: '2020-05-06T20:17:55.387Z',
    last_run_token: '3ffcbb7b2c63',
    space_id: 41,
    space_token: 'acd5fc167d0g',
    report_url: '/api/acme/reports/728f6328ea67',
  };
  await putRows(workplace.database, acme, lists.reports, [shared]);
  await putRows(workplace.database, acme, lists.reports, [{ id: 2, token: 'mine' }], {
    personal: true,
  });
  return { ...workplace, acme };
}

test('the report_url of a listed report leads to the report', async () => {
  const { get, database, acme } = await openAcme();
  const bearer = await makeBearer(database, acme);
  const { reports } = (await get('/batch/acme/reports', bearer)).json();
  const response = await get(reports[0].report_url, await makeBasic(database, acme, 'member'));
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toBe('application/hal+json; charset=utf-8');
  expect(response.json()).toEqual({
    token: '728f6328ea67',
    id: '5244',
    name: 'Weekly revenue',
    description: null,
    type: 'Report',
    created_at: '2020-05-04T20:17:55.387Z',
    updated_at: '2020-05-05T20:17:55.387Z',
    edited_at: null,
    last_saved_at: '2020-05-04T20:17:55.387Z',
    last_run_at: '2020-05-06T20:17:55.387Z',
    last_successfully_run_at: null,
    archived: false,
    space_token: 'acd5fc167d0g',
    account_id: String(acme.id),
    account_username: 'acme',
    _links: {
      self: { href: '/api/acme/reports/728f6328ea67' },
      account: { href: '/api/acme' },
      space: { href: '/api/acme/spaces/acd5fc167d0g' },
      last_run: { href: '/api/acme/reports/728f6328ea67/runs/3ffcbb7b2c63' },
    },
  });
});

describe('a report in a personal space', () => {
  test('is there for an admin', async () => {
    const { get, database, acme } = await openAcme();
    const response = await get('/api/acme/reports/mine', await makeBasic(database, acme));
    expect(response.statusCode).toBe(200);
    expect(response.json()._links).not.toHaveProperty('space');
  });

  test('is not there for another member, as one that never was', async () => {
    const { get, database, acme } = await openAcme();
    const basic = await makeBasic(database, acme, 'member');
    const response = await get('/api/acme/reports/mine', basic);
    expect(response.statusCode).toBe(404);
    expect(response.body).toBe((await get('/api/acme/reports/never', basic)).body);
  });
});

test('a report is found by its token, not by its number', async () => {
  const { get, database, acme } = await openAcme();
  const basic = await makeBasic(database, acme);
  expect((await get('/api/acme/reports/5244', basic)).statusCode).toBe(404);
});
