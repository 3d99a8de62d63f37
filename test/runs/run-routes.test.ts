import { describe, expect, inject, test } from 'vitest';
import { readMigrations } from '../../src/database/migrations.ts';
import { lists } from '../../src/inventory/lists.ts';
import { expireRuns } from '../../src/runs/expire-runs.ts';
import { putRows } from '../support/rows.ts';
import { openAcme } from '../support/run-requests.ts';
import { makeReport, rowOf } from '../support/runs.ts';

const CITIES = 'select * from cities order by city';

test('a run is answered at once, and its state moves', async () => {
  const { database, acme, source, post, runsOf, ended, get, basic } = await openAcme();
  const report = await makeReport(database, acme, source, [
    "select * from cities where city = '{{ city }}'\n{% form %}\ncity:\n  type: text\n  default: Ulm\n{% endform %}",
  ]);
  const asked = await post(runsOf(report));
  expect(asked.statusCode).toBe(202);
  expect(asked.json()).toMatchObject({
    state: 'enqueued',
    parameters: { city: 'Ulm' },
    completed_at: null,
    python_state: 'none',
    form_fields: [{ name: 'city', value: 'Ulm' }],
    query_count: 1,
    is_latest_report_run: true,
    is_latest_successful_report_run: false,
  });
  const { _links: links } = asked.json();
  const run = await ended(links.self.href);
  expect(run).toMatchObject({
    state: 'succeeded',
    started_at: expect.any(String),
    completed_at: expect.any(String),
    completed_query_count: 1,
    is_latest_successful_report_run: true,
    report_has_failures_since_last_success: false,
  });
  expect((await get(run._links.executed_by.href, basic)).json().email).toBe('member@acme.example');
  const { _embedded: embedded } = (await get(links.query_runs.href, basic)).json();
  expect(embedded.query_runs).toMatchObject([
    { state: 'succeeded', row_count: 1, limit: false, query_name: 'Query 1', error_code: null },
  ]);
  const [{ _links: ofQuery }] = embedded.query_runs;
  expect((await get(ofQuery.self.href, basic)).json()).toEqual(embedded.query_runs[0]);
  const preview = await get(`${ofQuery.result.href}/preview.json`, basic);
  expect(preview.json()).toMatchObject({ rows: [['Ulm', 128]], row_count: 1, limit: false });
  expect(await rowOf(database, acme, 'reports', 'slot', report.slot)).toMatchObject({
    last_run_token: run.token,
    last_run_state: 'succeeded',
  });
});

test('runs are listed newest first, by pages', async () => {
  const { database, acme, source, post, runsOf, get, basic } = await openAcme({ runsAtOnce: '0' });
  const report = await makeReport(database, acme, source, ['select 1']);
  const other = await makeReport(database, acme, source, ['select 1']);
  await post(runsOf(other));
  const tokens: string[] = [];
  for (let count = 0; count < 3; count++) tokens.unshift((await post(runsOf(report))).json().token);
  const page = (query: string) => get(`${runsOf(report)}${query}`, basic);
  const first = (await page('?per_page=2&state=failed')).json();
  const listed = first._embedded.report_runs.map(({ token }: { token: string }) => token);
  expect(listed).toEqual(tokens.slice(0, 2));
  expect(first.pagination).toMatchObject({ total_count: 3, total_pages: 2 });
  expect((await get(first._links.next_page.href, basic)).json().pagination.count).toBe(1);
  expect((await page('?page=9')).json()._embedded.report_runs).toEqual([]);
});

test('a report shows its last scheduled or default run, whatever others run it with', async () => {
  const { database, acme, source, run, get, post, basic, runsOf, config } = await openAcme();
  const form = '{% form %}\ncity:\n  type: text\n  label: City\n  default: Ulm\n{% endform %}';
  const report = await makeReport(database, acme, source, [
    `select * from cities where city = {{ city }}\n${form}`,
  ]);
  const runs = runsOf(report);
  const csv = async (path: string) => (await get(`${path}/results/content.csv`, basic)).body;
  expect((await get(`${runs}/default`, basic)).statusCode).toBe(404);
  const asked = (await get(`/api/acme/reports/${report.token}/form`, basic)).json();
  expect(asked.form_fields).toMatchObject([{ name: 'city', label: 'City', value: 'Ulm' }]);

  const tried = await run(report, { city: 'Bonn' });
  expect(tried).toMatchObject({
    is_default_run: false,
    executed_by_email: 'member@acme.example',
  });
  // Nothing else has succeeded yet.
  expect((await get(`${runs}/default`, basic)).json().token).toBe(tried.token);
  const usual = await run(report, { city: 'Ulm' });
  expect(usual).toMatchObject({ is_default_run: true });
  const again = await run(report, { city: 'Bonn' });
  expect((await get(`${runs}/default`, basic)).json().token).toBe(usual.token);
  expect(await csv(`${runs}/default`)).toContain('Ulm');
  expect(await csv(`/api/acme/reports/${report.token}`)).toContain('Bonn');
  expect((await post(`${runs}/default/cancel`)).statusCode).toBe(409);
  const file = await get(`${runs}/${again.token}/results/content.csv`, basic);
  expect(file.headers['content-disposition']).toContain(`"Cities (City Bonn) ${again.token}.csv"`);

  // A store of before takes the same runs for what they are. It was not distributed.
  if (inject('isCitus')) return;
  const migrations = readMigrations(config.databaseUrl ? 'postgres' : 'sqlite');
  const { sql = '' } = migrations.find(({ name }) => name.endsWith('default-runs')) ?? {};
  await database.run('update runs set is_default = 0');
  expect(await database.run(String(/^update runs[^;]+/m.exec(sql)))).toBe(1);
  expect((await get(`${runs}/default`, basic)).json()).toMatchObject({ token: usual.token });
});

test('a run is refused where as many wait as may, until one is cancelled', async () => {
  const flags = { runsAtOnce: '0', waitingRuns: '2' };
  const { database, acme, source, post, runsOf } = await openAcme(flags);
  const report = await makeReport(database, acme, source, [CITIES]);
  const asked = { 'idempotency-key': 'mine' };
  const first = (await post(runsOf(report), {}, asked)).json();
  expect((await post(runsOf(report))).statusCode).toBe(202);
  const refused = await post(runsOf(report));
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({
    id: 'queue_full',
    message: 'The organization’s run queue is full, with 2 runs waiting.',
    hint: expect.stringContaining('cancel runs'),
  });
  // What was asked for before is not asked for anew.
  expect((await post(runsOf(report), {}, asked)).json().token).toBe(first.token);
  await post(`${runsOf(report)}/${first.token}/cancel`);
  expect((await post(runsOf(report))).statusCode).toBe(202);
});

test('the same request sent twice makes one run', async () => {
  const { database, acme, source, post, runsOf, time } = await openAcme({ runsAtOnce: '0' });
  const report = await makeReport(database, acme, source, ['select 1']);
  const ask = async (key: string) =>
    (await post(runsOf(report), {}, { 'idempotency-key': key })).json().token;
  const both = await Promise.all([ask('a'), ask('a')]);
  expect(both[0]).toBe(both[1]);
  expect(await ask('b')).not.toBe(both[0]);
  time.nowMs += 25 * 60 * 60 * 1000;
  expect(await ask('a')).not.toBe(both[0]);
  const refused = await post(runsOf(report), {}, { 'idempotency-key': 'x'.repeat(201) });
  expect(refused.statusCode).toBe(400);
});

test('a run is cancelled, and cannot be once it has ended', async () => {
  const { database, acme, source, post, runsOf, ended, run } = await openAcme();
  const endless = await makeReport(database, acme, source, [
    'select sum(a.range * b.range) from range(10000000) a, range(10000000) b',
  ]);
  const asked = (await post(runsOf(endless))).json();
  const cancelled = await post(`${asked._links.self.href}/cancel`);
  expect(cancelled.statusCode).toBe(202);
  expect((await ended(asked._links.self.href)).state).toBe('cancelled');
  expect((await post(`${asked._links.self.href}/cancel`)).statusCode).toBe(202);
  const over = await run(await makeReport(database, acme, source, ['select 1']));
  expect((await post(`${over._links.self.href}/cancel`)).json()).toMatchObject({ id: 'conflict' });
});

test('a clone is a copy of the report in one’s personal space', async () => {
  const { database, acme, source, run, post, get, basic } = await openAcme();
  const report = await makeReport(database, acme, source, ['select {{ n }} as n', 'select 2']);
  const first = await run(report, { n: 7 });
  const clone = await post(first._links.clone.href);
  expect(clone.statusCode).toBe(202);
  const copy = clone.json();
  expect(copy).toMatchObject({
    name: 'Copy of Cities',
    shared: false,
    query_count: 2,
    runs_count: 0,
  });
  const { _embedded: embedded } = (await get(copy._links.queries.href, basic)).json();
  expect(embedded.queries).toMatchObject([
    { raw_query: 'select {{ n }} as n', data_source_token: source },
    { raw_query: 'select 2' },
  ]);
  const again = await post(`${runsOfPath(copy.token)}`, { parameters: { n: 8 } });
  expect(again.statusCode).toBe(202);
});

const runsOfPath = (token: string) => `/api/acme/reports/${token}/runs`;

test('a failed query says why, and where', async () => {
  const { database, acme, source, run, get, basic } = await openAcme();
  const report = await makeReport(database, acme, source, ['select *\nfrom nowhere']);
  const failed = await run(report);
  expect(failed.state).toBe('failed');
  expect(failed.report_has_failures_since_last_success).toBe(true);
  const { _embedded: embedded } = (await get(failed._links.query_runs.href, basic)).json();
  expect(embedded.query_runs[0]).toMatchObject({
    state: 'failed',
    error_code: 'sql_error',
    error_type: 'generic',
    error_message: expect.stringContaining('nowhere'),
    error_line: 2,
    columns: null,
  });
  expect(failed._links).not.toHaveProperty('content');
  const results = await get(`${failed._links.self.href}/results/content.csv`, basic);
  expect(results.json()).toMatchObject({ id: 'not_found', message: 'run results not found' });
});

describe('results', () => {
  test('of a report are those of its last run that succeeded', async () => {
    const { database, acme, source, run, get, basic } = await openAcme();
    const report = await makeReport(database, acme, source, [
      "select cast('{{ n }}' as integer) as n",
    ]);
    const latest = `/api/acme/reports/${report.token}/results/content.csv`;
    expect((await get(latest, basic)).statusCode).toBe(404);
    await run(report, { n: '1' });
    await run(report, { n: '2' });
    expect((await run(report, { n: 'three' })).state).toBe('failed');
    expect((await get(latest, basic)).body).toBe('n\r\n2\r\n');
  });

  test('expire', async () => {
    const { database, acme, source, run, get, basic, time } = await openAcme();
    const report = await makeReport(database, acme, source, [CITIES, CITIES]);
    const { _links: links } = await run(report);
    const { _embedded: embedded } = (await get(links.query_runs.href, basic)).json();
    const clock = () => time.nowMs;
    time.nowMs += 30 * 24 * 60 * 60 * 1000 + 1;
    const keep = { keepResultsDays: 30, keepRunsDays: 365 };
    expect(await expireRuns({ database, clock, ...keep })).toEqual({ expired: 1, deleted: 0 });
    const { result } = embedded.query_runs[0]._links;
    for (const url of [
      links.content.href,
      links.content.href.replace('.csv', '.parquet'),
      `${result.href}/content.json`,
      `${result.href}/preview.json`,
    ]) {
      const gone = await get(url, basic);
      expect(gone.statusCode, url).toBe(404);
      expect(gone.json().message).toBe('run results not found');
    }
    expect((await get(links.self.href, basic)).json()).toMatchObject({
      state: 'succeeded',
      purge_completed_at: new Date(time.nowMs).toISOString(),
    });
  });
});

test('runs are found under their own report alone, and in a personal space by nobody else', async () => {
  const { database, acme, source, run, get, post, basic, runsOf } = await openAcme();
  const report = await makeReport(database, acme, source, ['select 1']);
  const other = await makeReport(database, acme, source, ['select 1']);
  const { token, _links: links } = await run(report);
  const [{ token: queryRun }] = (await get(links.query_runs.href, basic)).json()._embedded
    .query_runs;
  const elsewhere = `${runsOf(other)}/${token}`;
  for (const url of [
    elsewhere,
    `${elsewhere}/query_runs`,
    `${elsewhere}/query_runs/${queryRun}`,
    `${elsewhere}/results/content.csv`,
    `${links.self.href}/query_runs/0123456789ab`,
  ]) {
    expect((await get(url, basic)).statusCode, url).toBe(404);
  }
  expect((await post(`${elsewhere}/cancel`)).statusCode).toBe(404);
  await putRows(database, acme, lists.reports, [{ id: 1, token: 'personal' }], { personal: true });
  const never = (await get('/api/acme/reports/never/runs', basic)).body;
  expect((await get('/api/acme/reports/personal/runs', basic)).body).toBe(never);
  expect((await post('/api/acme/reports/personal/runs')).body).toBe(never);
});
