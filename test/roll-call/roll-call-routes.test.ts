import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { findRowByToken } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { findMember } from '../../src/members/member-store.ts';
import { ReportSearch } from '../../src/report-index/report-search.ts';
import { recordDailyRollCall } from '../../src/roll-call/record-daily-roll-call.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { emails, openAcme } from '../support/acme.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { putSchedule } from '../support/schedules.ts';
import { makeBasic, makeOrganization, temporaryFolder } from '../support/workplace.ts';

const YESTERDAY = '2026-11-22T12:00:00.000Z';
const LONG_AGO = '2026-06-01T12:00:00.000Z';
const ran = (state: string, at: string, success: string | null = at) => ({
  last_run_at: at,
  last_run_state: state,
  last_successfully_run_at: success,
});

/** A report of each kind, and one in ana's personal space. */
async function openWithReports() {
  const workplace = await openAcme();
  const { putReport, get } = workplace;
  const viewed = { last_viewed_at: YESTERDAY };
  const answering = await putReport(1, {
    row: { ...ran('succeeded', YESTERDAY), ...viewed, creator_email: 'Ana@acme.example' },
    sql: 'select 1 from orders',
  });
  const failing = await putReport(2, {
    row: { ...ran('failed', YESTERDAY, LONG_AGO), creator_email: 'gone@acme.example' },
    sql: 'SELECT 1 FROM orders -- the same',
  });
  const stale = await putReport(3, { row: ran('succeeded', LONG_AGO), sql: 'select 3' });
  const neverRan = await putReport(4, { row: { name: '=1+1' } });
  const own = await putReport(5, { in: 'own', sql: 'select 3' });
  const rollCall = async (authorization: string) =>
    (await get('/api/acme/roll_call', authorization)).json();
  const listed = async (list: string, authorization: string): Promise<string[]> => {
    const page = (await get(`/api/acme/roll_call/${list}`, authorization)).json();
    return page._embedded.reports.map(({ token }: { token: string }) => token);
  };
  return { ...workplace, answering, failing, stale, neverRan, own, rollCall, listed };
}

const counts = {
  reports: 4,
  answering: 1,
  failing: 1,
  stale: 1,
  never_ran: 1,
  never_viewed: 3,
  owner_left: 1,
  duplicates: 2,
};

test('every report is called, and has a cell in its space', async () => {
  const { rollCall, bo, answering, failing, stale, neverRan } = await openWithReports();
  expect(await rollCall(bo)).toEqual({
    answers_within_days: 30,
    stopped_schedules: 0,
    ...counts,
    spaces: [
      {
        token: 'finance',
        name: 'Finance',
        personal: false,
        ...counts,
        cells: {
          tokens: [answering, failing, stale, neverRan],
          names: ['Report 1', 'Report 2', 'Report 3', '=1+1'],
          states: 'afsn',
        },
      },
    ],
    cells_left_out: 0,
    _links: {
      self: { href: '/api/acme/roll_call' },
      trend: { href: '/api/acme/roll_call/trend' },
    },
  });
});

test('each list holds its reports, and leads to them', async () => {
  const { listed, get, bo, answering, failing, stale, neverRan } = await openWithReports();
  expect(await listed('answering', bo)).toEqual([answering]);
  expect(await listed('failing', bo)).toEqual([failing]);
  expect(await listed('stale', bo)).toEqual([stale]);
  expect(await listed('never_ran', bo)).toEqual([neverRan]);
  expect(await listed('never_viewed', bo)).toEqual([failing, stale, neverRan]);
  expect(await listed('owner_left', bo)).toEqual([failing]);
  expect(await listed('duplicates', bo)).toEqual([answering, failing]);
  const { _embedded } = (await get('/api/acme/roll_call/failing', bo)).json();
  const [report] = _embedded.reports;
  expect(report).toMatchObject({
    name: 'Report 2',
    state: 'failing',
    creator_email: 'gone@acme.example',
    owner_left: true,
    space_token: 'finance',
    space_name: 'Finance',
    last_run_state: 'failed',
    last_successfully_run_at: LONG_AGO,
    last_viewed_at: null,
    same_sql: expect.any(String),
  });
  expect((await get(report._links.report.href, bo)).statusCode).toBe(200);
  expect((await get(report._links.space.href, bo)).statusCode).toBe(200);
});

test('what lies in a personal space is called for its owner and admins alone', async () => {
  const { rollCall, listed, ana, bo, admin, own, stale } = await openWithReports();
  for (const caller of [ana, admin]) {
    const { spaces, reports, duplicates } = await rollCall(caller);
    expect(reports).toBe(5);
    expect(spaces.at(-1)).toMatchObject({ personal: true, reports: 1, cells: { tokens: [own] } });
    expect(duplicates).toBe(4);
    expect(await listed('duplicates', caller)).toContain(stale);
  }
  expect(JSON.stringify(await rollCall(bo))).not.toContain(own);
  expect(await listed('duplicates', bo)).not.toContain(stale);
});

describe('the rule', () => {
  test('is the organization’s, and an admin’s to change', async () => {
    const { rollCall, call, get, admin, bo } = await openWithReports();
    const change = (authorization: string, settings: object, headers = {}) =>
      call('PATCH', '/api/acme/settings', authorization, { settings }, headers);
    const { etag } = (await get('/api/acme/settings', bo)).headers;
    const response = await change(admin, { answers_within_days: 200 });
    expect(response.json()).toEqual({
      answers_within_days: 200,
      _links: { self: { href: '/api/acme/settings' }, account: { href: '/api/acme' } },
    });
    expect(await rollCall(bo)).toMatchObject({ answers_within_days: 200, answering: 2, stale: 0 });
    expect((await change(bo, { answers_within_days: 1 })).statusCode).toBe(403);
    const late = await change(admin, { answers_within_days: 7 }, { 'if-match': String(etag) });
    expect(late.statusCode).toBe(412);
    for (const settings of [
      {},
      { answers_within_days: 0 },
      { answers_within_days: 1.5 },
      { a: 1 },
    ]) {
      expect((await change(admin, settings)).statusCode).toBe(400);
    }
    const log = (await get('/api/acme/audit_log?action=settings.changed', admin)).json();
    expect(log.entries).toMatchObject([{ detail: { answers_within_days: 200 } }]);
  });

  test('is the schedule’s where a report has one', async () => {
    const { listed, database, acme, bo, answering, stale } = await openWithReports();
    const slotOf = async (token: string) =>
      (await findRowByToken(database, acme.id, lists.reports, token))?.slot ?? 0;
    const nextAt = '2026-12-01T00:00:00.000Z';
    const schedule = async (token: string, lastScheduledAt: string) => {
      const made = { reportSlot: await slotOf(token), nextAt, lastScheduledAt };
      await putSchedule(database, acme, { ...made, token: `of-${token}` });
    };
    await schedule(answering, '2026-11-23T10:00:00.000Z');
    await schedule(stale, '2026-05-31T00:00:00.000Z');
    expect(await listed('stale', bo)).toEqual([answering]);
    expect(await listed('answering', bo)).toEqual([stale]);
    // A run that fell due just now may still be under way.
    await database.run('update schedules set last_scheduled_at = ?', ['2026-11-23T11:30:00.000Z']);
    expect(await listed('answering', bo)).toEqual([answering]);
  });
});

test('what changes shows at once: runs, views, archived reports, members', async () => {
  const { rollCall, listed, database, acme, time, call, bo, failing, stale, answering } =
    await openWithReports();
  await rollCall(bo);
  await call('POST', `/api/acme/reports/${stale}/views`, bo);
  expect(await listed('never_viewed', bo)).not.toContain(stale);
  await database.transaction((store) =>
    changeRows(store, acme.id, async (writer) => {
      const row = await findRowByToken(store, acme.id, lists.reports, failing);
      if (row) await writer.update(lists.reports, [{ ...row, archived: true }]);
    }),
  );
  expect(await rollCall(bo)).toMatchObject({ reports: 3, failing: 0, duplicates: 0 });
  const ana = await findMember(database, acme.id, emails.ana);
  if (ana) await removeMember(database, acme.id, ana, { clock: () => time.nowMs });
  expect(await listed('owner_left', bo)).toEqual([answering]);
});

test('a report answered for as long as nothing was changed, although its success was not recent any more', async () => {
  const { rollCall, time, database, acme, bo, ana, stale } = await openWithReports();
  const day = 24 * 60 * 60 * 1000;
  const last = Date.parse(YESTERDAY) + 30 * day;
  for (const [nowMs, counted] of [
    [time.nowMs, { answering: 1, stale: 1 }],
    [last, { answering: 1, stale: 1 }],
    [last + 1, { answering: 0, stale: 2 }],
    [last, { answering: 1, stale: 1 }],
  ] as const) {
    time.nowMs = nowMs;
    expect(await rollCall(bo)).toMatchObject(counted);
    expect(await rollCall(bo)).toMatchObject(counted);
  }
  // Nor did who asked, or when something was due, make a difference.
  expect((await rollCall(ana)).reports).toBe((await rollCall(bo)).reports + 1);
  const slot = (await findRowByToken(database, acme.id, lists.reports, stale))?.slot ?? 0;
  const [nextAt, lastScheduledAt] = ['2027-01-01T00:00:00.000Z', '2026-05-31T00:00:00.000Z'];
  await putSchedule(database, acme, { reportSlot: slot, nextAt, lastScheduledAt });
  expect(await rollCall(bo)).toMatchObject({ answering: 2, stale: 0 });
});

test('a list is paged up to 100', async () => {
  const { get, database, acme, shared, bo } = await openAcme();
  const rows = Array.from({ length: 130 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows, { parent: shared });
  const pageOf = async (query: string) =>
    (await get(`/api/acme/roll_call/never_ran${query}`, bo)).json();
  expect((await pageOf('')).pagination).toMatchObject({ count: 30, total_count: 130 });
  const second = await pageOf('?per_page=100&page=2');
  expect(second.pagination).toMatchObject({ count: 30, per_page: 100, total_pages: 2 });
  expect(second._embedded.reports.at(-1).token).toBe(rows.at(-1)?.token);
});

describe('as CSV', () => {
  test('a list is whole, and holds no formula', async () => {
    const { get, send, bo, neverRan } = await openWithReports();
    const response = await get('/api/acme/roll_call/never_ran?format=csv', bo);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe('attachment; filename="never_ran.csv"');
    expect(response.body.split('\r\n')).toEqual([
      'token,name,state,space_token,space_name,creator_email,owner_left,last_run_at,last_run_state,last_successfully_run_at,last_viewed_at,same_sql',
      `${neverRan},'=1+1,never_ran,finance,Finance,,false,,,,,`,
      '',
    ]);
    const headers = { authorization: bo, accept: 'text/csv' };
    const negotiated = await send({ url: '/api/acme/roll_call', headers });
    expect(negotiated.body.split('\r\n')).toHaveLength(6);
    expect(negotiated.headers.vary).toContain('accept');
    const packed = await send({
      url: '/api/acme/roll_call',
      headers: { ...headers, 'accept-encoding': 'gzip' },
    });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(String(gunzipSync(packed.rawPayload))).toBe(negotiated.body);
  });

  test('is the only other format', async () => {
    const { get, bo } = await openAcme();
    expect((await get('/api/acme/roll_call?format=xls', bo)).statusCode).toBe(400);
    expect((await get('/api/acme/roll_call/fine', bo)).statusCode).toBe(404);
  });
});

test('the trend has a line a day, however often the roll is called', async () => {
  const { get, database, time, bo } = await openWithReports();
  const reportSearch = new ReportSearch(database, temporaryFolder());
  onTestFinished(() => reportSearch.close());
  const note = () =>
    recordDailyRollCall({ database, reportSearch, clock: () => time.nowMs }, () => false);
  await note();
  await note();
  time.nowMs += 31 * 24 * 60 * 60 * 1000;
  await note();
  const { _embedded } = (await get('/api/acme/roll_call/trend', bo)).json();
  expect(_embedded.days).toEqual([
    { day: '2026-11-23', ...counts },
    { day: '2026-12-24', ...counts, answering: 0, stale: 2 },
  ]);
});

test('a row that cannot be read kept the trend of all other organizations from being noted', async () => {
  const { get, database, time } = await openWithReports();
  const broken = [Buffer.from('x'), lists.reports.number];
  await database.run('update discovery_rows set body = ?, checksum = null where list = ?', broken);
  const rival = await makeOrganization(database, 'rival');
  const admin = await makeBasic(database, rival);
  const reportSearch = new ReportSearch(database, temporaryFolder());
  onTestFinished(() => reportSearch.close());
  const parts = { database, reportSearch, clock: () => time.nowMs };
  await expect(recordDailyRollCall(parts, () => false)).rejects.toThrow(/JSON/);
  const { _embedded } = (await get('/api/rival/roll_call/trend', admin)).json();
  expect(_embedded.days).toMatchObject([{ day: '2026-11-23', reports: 0 }]);
});

test('the trend is left as it is where the server closes meanwhile', async () => {
  const { database, time, get, bo } = await openWithReports();
  const reportSearch = new ReportSearch(database, temporaryFolder());
  await reportSearch.close();
  const parts = { database, reportSearch, clock: () => time.nowMs };
  let asked = 0;
  await recordDailyRollCall(parts, () => asked++ > 0);
  await expect(recordDailyRollCall(parts, () => false)).rejects.toThrow(
    'The search thread is closed.',
  );
  const { _embedded } = (await get('/api/acme/roll_call/trend', bo)).json();
  expect(_embedded.days).toEqual([]);
});

test('an organization without reports has a roll call too, and sees no other’s', async () => {
  const { database, get } = await openWithReports();
  const rival = await makeOrganization(database, 'rival');
  const admin = await makeBasic(database, rival);
  const response = await get('/api/rival/roll_call', admin);
  expect(response.json()).toMatchObject({ reports: 0, spaces: [], cells_left_out: 0 });
});
