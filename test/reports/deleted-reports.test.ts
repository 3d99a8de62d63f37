import { expect, test } from 'vitest';
import { DAY_MS } from '../../src/clock.ts';
import type { Store } from '../../src/database/database.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { purgeRemoved } from '../../src/inventory/change-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { readRow } from '../../src/inventory/row.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { forgetDeletedReports } from '../../src/reports/forget-deleted.ts';
import { claimRun, finishRun } from '../../src/runs/run-queue.ts';
import { startDueRuns } from '../../src/schedules/start-due.ts';
import { crawlAll, Follower } from '../support/changes.ts';
import { putRows } from '../support/rows.ts';
import { templates } from '../support/templates.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const KEPT = ['report_versions', 'report_views', 'report_favorites', 'schedules', 'runs', 'drafts'];

/** A report of a member's with all that there can be of one, in a shared space. */
async function openAcme() {
  const workplace = await openWorkplace();
  const { database, send, get } = workplace;
  const acme = await makeOrganization(database);
  const bearer = await makeBearer(database, acme);
  const [admin, member, other] = [
    await makeBasic(database, acme),
    await makeBasic(database, acme, 'member'),
    await makeBasic(database, acme, 'member', 'other@acme.example'),
  ];
  const call =
    (authorization: string) =>
    (method: 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) =>
      send({ method, url, headers: { authorization }, ...(payload && { payload }) });
  const asMember = call(member);
  const space = (await asMember('POST', '/api/acme/spaces', { space: { name: 'Finance' } })).json();
  const source = (
    await call(admin)('POST', '/api/acme/data_sources', {
      data_source: { name: 'Files', adapter: 'jdbc:duckdb', folder: '.' },
    })
  ).json();
  const made = await asMember('POST', `/api/acme/spaces/${space.token}/reports`, {
    report: { name: 'Revenue' },
  });
  const { token } = made.json();
  const path = `/api/acme/reports/${token}`;
  const query = await asMember('POST', `${path}/queries`, {
    query: { name: 'By day', raw_query: 'select 1', data_source_token: source.token },
  });
  await asMember('POST', `${path}/queries/${query.json().token}/charts`, {
    chart: { chart_type: 'table', chart_title: 'Days' },
  });
  await asMember('POST', `${path}/views`);
  await asMember('PUT', `${path}/favorite`);
  await asMember('POST', `${path}/schedules`, {
    report_schedule: { cron: { freq: 'hourly', minute: 15 } },
  });
  await asMember('POST', `${path}/runs`);
  const crawl = async () => crawlAll({ get }, 'acme', bearer);
  const count = async (table: string) =>
    (
      await database.get<{ count: number }>(
        `select count(*) as count from ${table} where organization_id = ?`,
        [acme.id],
      )
    )?.count;
  return {
    ...workplace,
    ...{ acme, bearer, admin, member, other, space, token, path, crawl, count },
    asMember,
    asAdmin: call(admin),
    asOther: call(other),
  };
}

test('a deleted report comes back as it was, byte for byte, and to those who follow the changes', async () => {
  const { get, member, bearer, asMember, token, path, crawl, space, time } = await openAcme();
  const follower = new Follower({ get }, 'acme', bearer, '&include_spaces=all');
  await follower.catchUp();
  const before = await crawl();
  const shown = (await get(path, member)).json();
  const versions = (await get(`${path}/versions`, member)).body;
  expect((await asMember('DELETE', path)).statusCode).toBe(204);
  expect((await get(path, member)).statusCode).toBe(404);
  for (const list of ['reports', 'report_stats', 'queries', 'charts'])
    expect((await crawl())[list]).toBe('');
  expect((await get('/api/acme/reports?q=revenue', member)).json().pagination.total_count).toBe(0);
  expect((await get(`/api/acme/spaces/${space.token}/reports?filter=all`, member)).body).toContain(
    '"total_count":0',
  );
  await follower.catchUp();
  const listed = (await get('/api/acme/deleted_reports', member)).json()._embedded;
  expect(listed.deleted_reports).toEqual([
    expect.objectContaining({
      token,
      name: 'Revenue',
      deleted_by_email: 'member@acme.example',
      restorable_until: new Date(time.nowMs + 30 * DAY_MS).toISOString(),
    }),
  ]);
  const { restore } = listed.deleted_reports[0]._links;
  const restored = await asMember('PATCH', restore.href);
  expect(restored.statusCode, restored.body).toBe(200);
  expect(restored.json()).toEqual(shown);
  const after = await crawl();
  expect(after.charts).toBe(before.charts);
  expect(after.queries).toBe(before.queries);
  expect((await get(`${path}/versions`, member)).body).toBe(versions);
  await follower.catchUp();
  expect(follower.copy()).toEqual(await crawl());
  expect((await asMember('PATCH', restore.href)).statusCode).toBe(404);
});

test('it is restored by admins, who made it and who deleted it, and is absent for others', async () => {
  const { get, admin, other, asMember, asAdmin, asOther, token, path } = await openAcme();
  expect((await asOther('DELETE', path)).statusCode).toBe(403);
  await asAdmin('DELETE', path);
  const restore = `/api/acme/deleted_reports/${token}/restore`;
  const absent = await asOther('PATCH', '/api/acme/deleted_reports/0123456789ab/restore');
  const refused = await asOther('PATCH', restore);
  expect([refused.statusCode, refused.body]).toEqual([404, absent.body]);
  expect((await get('/api/acme/deleted_reports', other)).json().pagination.total_count).toBe(0);
  expect((await get('/api/acme/deleted_reports', admin)).json().pagination.total_count).toBe(1);
  expect((await asMember('PATCH', restore)).statusCode).toBe(200);
});

test('what was in a personal space is restored by whose it is, and absent for who made it', async () => {
  const { get, member, other, asMember, asAdmin, asOther, token, path } = await openAcme();
  const own = (await asOther('POST', '/api/acme/reports')).json();
  await asAdmin('PATCH', path, { report: { space_token: own.space_token } });
  expect((await asOther('DELETE', path)).statusCode).toBe(204);
  const restore = `/api/acme/deleted_reports/${token}/restore`;
  const listedFor = async (authorization: string) =>
    (await get('/api/acme/deleted_reports', authorization)).json().pagination.total_count;
  expect((await asMember('PATCH', restore)).statusCode).toBe(404);
  expect(await listedFor(member)).toBe(0);
  expect(await listedFor(other)).toBe(1);
  expect((await asOther('PATCH', restore)).statusCode).toBe(200);
  await asAdmin('DELETE', path);
  expect((await asMember('PATCH', restore)).statusCode).toBe(404);
  expect((await asOther('PATCH', restore)).statusCode).toBe(200);
});

test('its schedules start nothing until it is back, and go on from then', async () => {
  const { database, asMember, path, token, time, count } = await openAcme();
  await asMember('DELETE', path);
  const runs = await count('runs');
  time.nowMs += 2 * DAY_MS;
  const parts = {
    ...{ database, templates, mostWaiting: 100, identifiers: randomIdentifiers },
    clock: () => time.nowMs,
    onStarted: () => undefined,
    onFailure: (error: Error) => {
      throw error;
    },
  };
  await startDueRuns(parts);
  expect([await count('runs'), await count('schedules')]).toEqual([runs, 1]);
  await asMember('PATCH', `/api/acme/deleted_reports/${token}/restore`);
  const next = await database.get<{ nextAt: string }>('select next_at as "nextAt" from schedules');
  expect(Date.parse(next?.nextAt ?? '')).toBeGreaterThan(time.nowMs);
});

test('after thirty days it is forgotten with all that was its own, and a removal that is no longer remembered does not keep it from coming back before', async () => {
  const { database, acme, asMember, path, token, time, count, crawl } = await openAcme();
  const before = await crawl();
  const kept = await Promise.all(KEPT.map(count));
  await asMember('DELETE', path);
  expect(await Promise.all(KEPT.map(count))).toEqual(kept);
  expect(await purgeRemoved(database, acme.id, '9999')).toBe(4);
  expect((await asMember('PATCH', `/api/acme/deleted_reports/${token}/restore`)).statusCode).toBe(
    200,
  );
  expect((await crawl()).queries).toBe(before.queries);
  await asMember('DELETE', path);
  const parts = { database, clock: () => time.nowMs };
  time.nowMs += 30 * DAY_MS;
  expect(await forgetDeletedReports(parts)).toBe(0);
  time.nowMs += 1;
  expect(await forgetDeletedReports(parts)).toBe(1);
  expect(await Promise.all(KEPT.map(count))).toEqual(KEPT.map(() => 0));
  expect(await count('deleted_reports')).toBe(0);
});

test('one that is restored while the old ones are being forgotten keeps all that is its own', async () => {
  const { database, asMember, path, token, time, count } = await openAcme();
  const kept = await Promise.all(KEPT.map(count));
  await asMember('DELETE', path);
  time.nowMs += 31 * DAY_MS;
  const restoredFirst = {
    ...database,
    async transaction<Result>(work: (store: Store) => Promise<Result>) {
      const restored = await asMember('PATCH', `/api/acme/deleted_reports/${token}/restore`);
      expect(restored.statusCode, restored.body).toBe(200);
      return database.transaction(work);
    },
  };
  const parts = { database: restoredFirst, clock: () => time.nowMs };
  expect(await forgetDeletedReports(parts)).toBe(0);
  expect(await Promise.all(KEPT.map(count))).toEqual(kept);
});

test('a run that is under way is cancelled, and the report says so once it is back', async () => {
  const { database, acme, asMember, path, token, time } = await openAcme();
  const parts = { clock: () => time.nowMs, mostRunning: 1 };
  const run = await claimRun(database, parts);
  if (run === undefined) throw new Error('Nothing waits.');
  await asMember('DELETE', path);
  await finishRun(database, run, 'cancelled', parts.clock);
  const restored = await asMember('PATCH', `/api/acme/deleted_reports/${token}/restore`);
  expect(restored.json().last_run_state).toBe('cancelled');
  const [row] = await findRows(database, acme.id, lists.reports, 'token', [token]);
  expect(row && readRow(lists.reports, row).last_run_state).toBe('cancelled');
});

test('what lay in no space comes back to none, for all who saw it', async () => {
  const { database, acme, get, other, asAdmin } = await openAcme();
  const token = 'nowhere00001';
  await putRows(database, acme, lists.reports, [{ id: 7, token, name: 'Imported' }]);
  const path = `/api/acme/reports/${token}`;
  const before = (await get(path, other)).json();
  await asAdmin('DELETE', path);
  await asAdmin('PATCH', `/api/acme/deleted_reports/${token}/restore`);
  expect((await get(path, other)).json()).toEqual(before);
});

test('where its space is gone it comes into the personal space of who restores it', async () => {
  const { asMember, path, token, space, get, member } = await openAcme();
  await asMember('DELETE', path);
  expect((await asMember('DELETE', `/api/acme/spaces/${space.token}`)).statusCode).toBe(200);
  const restored = (await asMember('PATCH', `/api/acme/deleted_reports/${token}/restore`)).json();
  expect(restored.shared).toBe(false);
  const own = (await get(`/api/acme/spaces/${restored.space_token}/reports`, member)).json();
  expect(own._embedded.reports.map((report: { token: string }) => report.token)).toEqual([token]);
});

test('what an import has brought back meanwhile is not doubled', async () => {
  const { database, acme, asMember, path, token } = await openAcme();
  await asMember('DELETE', path);
  await putRows(database, acme, lists.reports, [{ id: 7, token, name: 'Imported' }]);
  const refused = await asMember('PATCH', `/api/acme/deleted_reports/${token}/restore`);
  expect([refused.statusCode, refused.json().message]).toEqual([
    409,
    'An import has restored the report, or a part of it.',
  ]);
});

test('many are deleted at once, and what takes it back restores them', async () => {
  const { asMember, asOther, token } = await openAcme();
  const second = (await asMember('POST', '/api/acme/reports')).json().token;
  const changes = [token, second].map((report) => ({ report, deleted: true }));
  const refused = (await asOther('POST', '/api/acme/reports/bulk', { bulk: { changes } })).json();
  expect(refused).toMatchObject({ changed: 0, undo: null });
  const done = (await asMember('POST', '/api/acme/reports/bulk', { bulk: { changes } })).json();
  expect(done).toMatchObject({
    changed: 2,
    undo: { bulk: { changes: [{ deleted: false }, { deleted: false }] } },
  });
  const back = (await asMember('POST', '/api/acme/reports/bulk', done.undo)).json();
  expect(back.results.map(({ state }: { state: string }) => state)).toEqual(['changed', 'changed']);
});

test('a duplicate has the content of the original and nothing else of it', async () => {
  const { asOther, get, other, member, path, space } = await openAcme();
  const made = await asOther('POST', `${path}/duplicate`);
  expect(made.statusCode, made.body).toBe(201);
  const copy = made.json();
  expect(copy).toMatchObject({
    name: 'Copy of Revenue',
    shared: false,
    runs_count: 0,
    query_count: 1,
  });
  expect(copy._links.creator.href).not.toBe((await get(path, member)).json()._links.creator.href);
  const own = `/api/acme/reports/${copy.token}`;
  const contents = await Promise.all(
    [`${path}/content`, `${own}/content`].map(async (url) => (await get(url, other)).json()),
  );
  const bare = contents.map((content) =>
    JSON.stringify(content.queries, (key, value) =>
      ['token', 'id', '_links'].includes(key) ? undefined : value,
    ),
  );
  expect(bare[1]).toBe(bare[0]);
  expect(bare[0]).toContain('select 1');
  const tokens = contents.map(({ queries: [query] }) => [query.token, query.charts[0].token]);
  expect(new Set(tokens.flat()).size).toBe(4);
  expect((await get(`${own}/schedules`, other)).json()._embedded.report_schedules).toEqual([]);
  const named = await asOther('POST', `${path}/duplicate`, {
    report: { name: 'Mine', space_token: space.token },
  });
  expect(named.json()).toMatchObject({ name: 'Mine', space_token: space.token, shared: true });
  expect((await asOther('POST', '/api/acme/reports/0123456789ab/duplicate')).statusCode).toBe(404);
});
