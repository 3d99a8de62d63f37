import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { type ApiToken, basicOf, RestClient, RollcallClient } from '../../src/client/index.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { startRollcall } from '../support/run-rollcall.ts';
import { waitFor } from '../support/wait-for.ts';

type Thing = { token: string };
type Run = Thing & { state: string; started_at: string | null; completed_at: string | null };
type QueryRuns = {
  _embedded: { query_runs: { state: string; error_message: string | null }[] };
};

/** Long enough that the server is killed meanwhile. */
const QUERY_SECONDS = 3;
/** Keeps an engine busy for longer than that. */
const SLOW = 'select count(*) as pairs from range(100000000) a, range(100000) b';

/** Of all tests, so that the reports of the demo run once. */
const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The real program with its demo, and what calls it. */
async function startDemo(env: Record<string, string> = {}) {
  const program = await startRollcall(['demo', '--port', '0'], {
    dataDir,
    env,
    until: /^ {2}curl /,
  });
  const [, url = ''] = /(http:\/\/[\d.]+:\d+)\/batch/.exec(program.line) ?? [];
  const [, bearer = ''] = /Authorization: (Bearer \S+)'/.exec(program.line) ?? [];
  const { api_token: apiToken } = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as {
    api_token: ApiToken;
  };
  const rest = new RestClient({ url, apiToken });
  const discovery = new RollcallClient({ url, organization: 'acme', bearer });
  const text = async (path: string) => {
    const response = await fetch(url + path, { headers: { authorization: basicOf(apiToken) } });
    expect([path, response.status]).toEqual([path, 200]);
    return response.text();
  };
  return { program, rest, discovery, text };
}

type Demo = Awaited<ReturnType<typeof startDemo>>;

async function dataSourceOf({ rest }: Demo): Promise<string> {
  type List = { _embedded: { data_sources: Thing[] } };
  const list = await rest.get<List>('/api/acme/data_sources');
  return list._embedded.data_sources[0]?.token ?? '';
}

async function rowOf({ discovery }: Demo, token: string) {
  for await (const row of discovery.reports()) if (row.token === token) return row;
  return undefined;
}

/** What is asked for first waits for the runs of all reports of the demo, for which a busy machine needs a while. */
const ended = ({ rest }: Demo, path: string) =>
  vi.waitFor(
    async () => {
      const run = await rest.get<Run>(path);
      expect(run.state).not.toBe('enqueued');
      return run;
    },
    { timeout: 3 * FAR_TOO_LONG_MS, interval: 100 },
  );

test('a report is made, runs, is read and listed, leaves the lists and comes back', {
  timeout: 5 * FAR_TOO_LONG_MS,
}, async () => {
  const demo = await startDemo();
  const { rest, discovery, text } = demo;
  const dataSource = await dataSourceOf(demo);

  const space = await rest.send<Thing>('POST', '/api/acme/spaces', { space: { name: 'Trials' } });
  const report = await rest.send<Thing>('POST', '/api/acme/reports', {
    report: { name: 'Rain', space_token: space.token },
  });
  const path = `/api/acme/reports/${report.token}`;
  const addQuery = (name: string, sql: string) =>
    rest.send<Thing>('POST', `${path}/queries`, {
      query: { name, raw_query: sql, data_source_token: dataSource },
    });
  const rain = await addQuery(
    'Rain',
    "select weather, count(*) as days from weather where location = 'Seattle' group by 1 order by 1",
  );
  await addQuery('Wind', 'select max(wind) as fastest from weather');
  await rest.send('POST', `${path}/queries/${rain.token}/charts`, {
    chart: { chart_type: 'bar', chart_title: 'Days', spec: { x: 'weather', y: ['days'] } },
  });
  await rest.send('POST', `${path}/schedules`, {
    report_schedule: { cron: { freq: 'daily', hour: 6, time_zone: 'Europe/Lisbon' } },
  });

  // What a catalog that follows the changes has seen until here.
  let cursor: string | undefined;
  for (let more = true; more; ) {
    const batch = await discovery.changeBatch({ after: cursor });
    ({ cursor, more } = batch);
  }
  expect(await rowOf(demo, report.token)).toMatchObject({ last_run_state: null });

  const asked = await rest.send<Run>('POST', `${path}/runs`, {});
  expect(asked.state).toBe('enqueued');
  const run = await ended(demo, `${path}/runs/${asked.token}`);
  expect(run.state).toBe('succeeded');

  const runPath = `${path}/runs/${run.token}`;
  const list = await rest.get<{ _embedded: { query_runs: Thing[] } }>(`${runPath}/query_runs`);
  const [first] = list._embedded.query_runs;
  const content = `${runPath}/query_runs/${first?.token}/results/content`;
  const csv = await text(`${content}.csv`);
  expect(csv.trim().split(/\r?\n/)).toEqual([
    'weather,days',
    'drizzle,53',
    'fog,101',
    'rain,641',
    'snow,26',
    'sun,640',
  ]);
  const rows = JSON.parse(await text(`${content}.json`));
  expect(rows[1]).toEqual({ weather: 'fog', days: 101 });
  expect(
    (await text(`${content}.ndjson`))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(rows);
  expect((await text(`${content}.parquet`)).startsWith('PAR1')).toBe(true);

  const row = await rowOf(demo, report.token);
  expect(row).toMatchObject({
    last_run_state: 'succeeded',
    last_run_token: run.token,
    last_run_at: run.started_at,
    last_successfully_run_at: run.completed_at,
  });
  const after = await discovery.changeBatch({ after: cursor });
  const seen = after.changes.filter((change) => change.list === 'reports');
  expect(seen.at(-1)).toMatchObject({ row: { token: report.token, last_run_state: 'succeeded' } });

  const tokens = async () => {
    const found: string[] = [];
    for await (const listed of discovery.reports()) found.push(listed.token);
    return found;
  };
  const before = await tokens();
  await rest.send('PATCH', `${path}/archive`);
  expect(await tokens()).toEqual(before.filter((token) => token !== report.token));
  await rest.send('PATCH', `${path}/unarchive`);
  expect(await tokens()).toEqual(before);
});

test('a run during which the server is killed ends once, with the truth', {
  timeout: 5 * FAR_TOO_LONG_MS,
}, async () => {
  const limits = { ROLLCALL_QUERY_SECONDS: String(QUERY_SECONDS) };
  const demo = await startDemo(limits);
  const dataSource = await dataSourceOf(demo);
  const report = await demo.rest.send<Thing>('POST', '/api/acme/reports', {
    report: { name: 'Slow' },
  });
  const path = `/api/acme/reports/${report.token}`;
  await demo.rest.send('POST', `${path}/queries`, {
    query: { name: 'Pairs', raw_query: SLOW, data_source_token: dataSource },
  });
  const { token } = await demo.rest.send<Run>('POST', `${path}/runs`, {});
  const runPath = `${path}/runs/${token}`;
  await waitFor(async () => expect((await demo.rest.get<Run>(runPath)).started_at).not.toBeNull());
  await demo.program.stop('SIGKILL');

  const again = await startDemo(limits);
  const run = await ended(again, runPath);
  expect(run.state).toBe('failed');
  const { _embedded } = await again.rest.get<QueryRuns>(`${runPath}/query_runs`);
  expect(_embedded.query_runs).toMatchObject([
    { state: 'failed', error_message: expect.stringContaining(`${QUERY_SECONDS} s`) },
  ]);
  const list = await again.rest.get<{ _embedded: { report_runs: Run[] } }>(`${path}/runs`);
  expect(list._embedded.report_runs.map((one) => one.token)).toEqual([token]);
});
