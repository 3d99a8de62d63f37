import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { openAcme } from '../support/acme.ts';
import { putRows } from '../support/rows.ts';
import { makeBearer } from '../support/workplace.ts';

/** Three reports of people who are gone, one of ana’s, and a second space. */
async function openWithReports() {
  const workplace = await openAcme();
  const { call, get, putReport, database, acme, admin, ana } = workplace;
  await putRows(database, acme, lists.spaces, [
    { id: 9, token: 'archive', name: 'Old', space_type: 'custom' },
  ]);
  const gone = { creator_email: 'gone@acme.example' };
  const tokens = [];
  for (const number of [1, 2, 3])
    tokens.push(await putReport(number, { row: gone, sql: 'select 1' }));
  const anas = await putReport(4, { row: { creator_email: 'ana@acme.example' } });
  const own = await putReport(5, { in: 'own' });
  const bulk = async (changes: object[], authorization = admin) => {
    const response = await call('POST', '/api/acme/reports/bulk', authorization, {
      bulk: { changes },
    });
    expect(response.statusCode, response.body).toBe(200);
    return response.json();
  };
  const bearer = await makeBearer(database, acme);
  const listed = async (list: string) => (await get(`/batch/acme/${list}`, bearer)).json()[list];
  const reports = async () => {
    const rows = await listed('reports');
    return rows.map(({ token, space_token, creator_email }: Record<string, string>) => ({
      token,
      space_token,
      creator_email,
    }));
  };
  return { ...workplace, tokens, anas, own, bulk, listed, reports, get, ana };
}

describe.each([
  ['archived', { archived: true }],
  ['moved', { space_token: 'archive' }],
  ['handed over', { owner_email: 'bo@acme.example' }],
  ['handed to nobody', { owner_email: null }],
] as const)('reports that are %s', (_, change) => {
  test('are changed all, and come back with undo', async () => {
    const { tokens, bulk, reports, call, admin } = await openWithReports();
    const before = await reports();
    const answer = await bulk(tokens.map((report) => ({ report, ...change })));
    expect(answer.changed).toBe(3);
    expect(answer.results).toEqual(
      tokens.map((report) => ({
        report,
        state: 'changed',
        error_id: null,
        error_message: null,
      })),
    );
    const after = await reports();
    expect(after).not.toEqual(before);
    const again = await bulk(tokens.map((report) => ({ report, ...change })));
    expect(again).toMatchObject({ changed: 0, undo: null });
    expect(await reports()).toEqual(after);
    const undone = await call('POST', '/api/acme/reports/bulk', admin, answer.undo);
    expect(undone.json().changed).toBe(3);
    expect(await reports()).toEqual(before);
  });
});

test('a new owner is the report’s creator everywhere', async () => {
  const { tokens, bulk, call, listed, bo } = await openWithReports();
  const [report = ''] = tokens;
  const path = `/api/acme/reports/${report}`;
  expect((await call('PATCH', `${path}/archive`, bo)).statusCode).toBe(403);
  await bulk([{ report, owner_email: 'bo@acme.example' }]);
  const shown = (await call('GET', path, bo)).json();
  expect((await call('GET', shown._links.creator.href, bo)).json().email).toBe('bo@acme.example');
  const rows = await listed('reports');
  expect(rows.find(({ token }: { token: string }) => token === report).creator_email).toBe(
    'bo@acme.example',
  );
  expect((await call('PATCH', `${path}/archive`, bo)).statusCode).toBe(200);
});

test('what one may not do is refused by itself, and the rest is done', async () => {
  const { tokens, anas, own, bulk, ana, bo } = await openWithReports();
  const [goner = ''] = tokens;
  const archive = (report: string) => ({ report, archived: true });
  const answer = await bulk([archive(goner), archive(anas), archive('0123456789ab')], ana);
  expect(answer.results).toMatchObject([
    { state: 'refused', error_id: 'forbidden' },
    { state: 'changed' },
    { state: 'refused', error_id: 'not_found' },
  ]);
  expect(answer.undo).toEqual({ bulk: { changes: [{ report: anas, archived: false }] } });
  const hidden = await bulk([archive(own)], bo);
  expect(hidden.results[0]).toEqual({ ...answer.results[2], report: own });
  const toStranger = [{ report: own, owner_email: 'stranger@acme.example' }];
  expect((await bulk(toStranger, ana)).results[0].error_message).toContain('stranger@acme.example');
  expect((await bulk([{ report: goner, space_token: 'nowhere' }])).results[0].state).toBe(
    'refused',
  );
});

test('a report that is changed twice comes back to where it was first', async () => {
  const { tokens, bulk, reports, call, admin } = await openWithReports();
  const [report = ''] = tokens;
  const before = await reports();
  const { undo } = await bulk([
    { report, space_token: 'archive' },
    { report, archived: true },
  ]);
  await call('POST', '/api/acme/reports/bulk', admin, undo);
  expect(await reports()).toEqual(before);
});

test.each([
  [{ changes: [] }, 'changes'],
  [{ changes: Array.from({ length: 501 }, () => ({ report: 'x', archived: true })) }, '500'],
  [{ changes: [{ report: 'x' }] }, 'changes.0'],
  [{ changes: [{ report: 'x', archived: true, space_token: 'y' }] }, 'changes.0'],
  [{ changes: [{ report: 'x', owner_email: 'nobody' }] }, 'owner_email'],
  [{ changes: [{ report: 'x', colour: 'red' }] }, 'colour'],
] as const)('%j is refused as a whole: the error names %s', async (bulk, named) => {
  const { call, admin } = await openAcme();
  const response = await call('POST', '/api/acme/reports/bulk', admin, { bulk });
  expect(response.statusCode).toBe(400);
  expect(response.json().message).toContain(named);
});
