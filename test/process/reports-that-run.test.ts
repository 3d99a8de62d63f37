import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createApiToken } from '../../src/access-tokens/create-access-token.ts';
import { basicOf, RestClient, RollcallClient } from '../../src/client/index.ts';
import { systemClock } from '../../src/clock.ts';
import { openStore, openStoreAsItIs } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { addMember } from '../../src/members/change-members.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { startRollcall } from '../support/run-rollcall.ts';
import { makeFiles, makeReport } from '../support/runs.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

type Thing = { token: string };
type Run = Thing & { state: string; started_at: string | null; completed_at: string | null };
type QueryRuns = {
  _embedded: { query_runs: { state: string; error_message: string | null }[] };
};

/** Long enough that the server is killed meanwhile. */
const QUERY_SECONDS = 1;
/** Keeps an engine busy for longer than that. */
const SLOW = 'select count(*) as pairs from range(100000000) a, range(100000) b';

/** A store of an organization with a data source, two reports that never ran and a member, and what calls it. */
async function prepareAcme() {
  const dataDir = temporaryFolder();
  const store = await openStore({ dataDir });
  const acme = await makeOrganization(store);
  const source = await makeFiles(store, acme, join(dataDir, 'files'));
  for (const sql of ['select 1', 'select 2']) await makeReport(store, acme, source, [sql]);
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  const ana = { email: 'ana@acme.example', role: 'admin' } as const;
  const member = await addMember(store, acme.id, ana, outside);
  const given = { name: 'test', memberSlot: member.slot, expiresAt: null };
  const apiToken = await store.transaction((inside) =>
    createApiToken(inside, acme.id, given, outside),
  );
  const bearer = await makeBearer(store, acme);
  await store.close();
  return { dataDir, source, apiToken, bearer };
}

/** The real program on such a store. */
async function serve(
  { dataDir, apiToken, bearer }: Awaited<ReturnType<typeof prepareAcme>>,
  env: Record<string, string> = {},
) {
  const program = await startRollcall(['serve', '--port', '0'], {
    dataDir,
    env,
    until: /listens on/,
  });
  const url = /http:\S+/.exec(program.line)?.[0] ?? '';
  const rest = new RestClient({ url, apiToken });
  const discovery = new RollcallClient({ url, organization: 'acme', bearer });
  const text = async (path: string) => {
    const response = await fetch(url + path, { headers: { authorization: basicOf(apiToken) } });
    expect([path, response.status]).toEqual([path, 200]);
    return response.text();
  };
  return { program, rest, discovery, text };
}

type Server = Awaited<ReturnType<typeof serve>>;

async function rowOf({ discovery }: Server, token: string) {
  for await (const row of discovery.reports()) if (row.token === token) return row;
  return undefined;
}

const ended = ({ rest }: Server, path: string) =>
  vi.waitFor(
    async () => {
      const run = await rest.get<Run>(path);
      expect(run.state).not.toBe('enqueued');
      return run;
    },
    { timeout: FAR_TOO_LONG_MS, interval: 100 },
  );

test('a report is made, runs, is read and listed, leaves the lists and comes back', async () => {
  const prepared = await prepareAcme();
  const { source } = prepared;
  const server = await serve(prepared);
  const { rest, discovery, text } = server;

  const space = await rest.send<Thing>('POST', '/api/acme/spaces', { space: { name: 'Trials' } });
  const report = await rest.send<Thing>('POST', '/api/acme/reports', {
    report: { name: 'Towns', space_token: space.token },
  });
  const path = `/api/acme/reports/${report.token}`;
  const addQuery = (name: string, sql: string) =>
    rest.send<Thing>('POST', `${path}/queries`, {
      query: { name, raw_query: sql, data_source_token: source },
    });
  const towns = await addQuery(
    'Towns',
    "select city, sum(people) as people from cities where city <> 'Nowhere' group by 1 order by 1",
  );
  await addQuery('Largest', 'select max(people) as people from cities');
  await rest.send('POST', `${path}/queries/${towns.token}/charts`, {
    chart: { chart_type: 'bar', chart_title: 'People', spec: { x: 'city', y: ['people'] } },
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
  expect(await rowOf(server, report.token)).toMatchObject({ last_run_state: null });

  const asked = await rest.send<Run>('POST', `${path}/runs`, {});
  expect(asked.state).toBe('enqueued');
  const run = await ended(server, `${path}/runs/${asked.token}`);
  expect(run.state).toBe('succeeded');

  const runPath = `${path}/runs/${run.token}`;
  const list = await rest.get<{ _embedded: { query_runs: Thing[] } }>(`${runPath}/query_runs`);
  const [first] = list._embedded.query_runs;
  const content = `${runPath}/query_runs/${first?.token}/results/content`;
  const csv = await text(`${content}.csv`);
  expect(csv.trim().split(/\r?\n/)).toEqual(['city,people', 'Bonn,336', 'Ulm,128']);
  const rows = JSON.parse(await text(`${content}.json`));
  expect(rows[1]).toEqual({ city: 'Ulm', people: 128 });
  expect(
    (await text(`${content}.ndjson`))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(rows);
  expect((await text(`${content}.parquet`)).startsWith('PAR1')).toBe(true);

  const row = await rowOf(server, report.token);
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
  expect(before).toHaveLength(3);
  await rest.send('PATCH', `${path}/archive`);
  expect(await tokens()).toEqual(before.filter((token) => token !== report.token));
  await rest.send('PATCH', `${path}/unarchive`);
  expect(await tokens()).toEqual(before);
});

test('a run during which the server is killed ends once, with the truth', async () => {
  const limits = { ROLLCALL_QUERY_SECONDS: String(QUERY_SECONDS) };
  const prepared = await prepareAcme();
  const { source } = prepared;
  const first = await serve(prepared, limits);
  const report = await first.rest.send<Thing>('POST', '/api/acme/reports', {
    report: { name: 'Slow' },
  });
  const path = `/api/acme/reports/${report.token}`;
  await first.rest.send('POST', `${path}/queries`, {
    query: { name: 'Pairs', raw_query: SLOW, data_source_token: source },
  });
  const { token } = await first.rest.send<Run>('POST', `${path}/runs`, {});
  const runPath = `${path}/runs/${token}`;
  await waitFor(async () => expect((await first.rest.get<Run>(runPath)).started_at).not.toBeNull());
  await first.program.stop('SIGKILL');
  // Nobody has heard of the server for half a minute.
  const store = openStoreAsItIs(prepared);
  await store.run('update runs set leased_until = ?', [new Date(0).toISOString()]);
  await store.close();

  const again = await serve(prepared, limits);
  const run = await ended(again, runPath);
  expect(run.state).toBe('failed');
  const { _embedded } = await again.rest.get<QueryRuns>(`${runPath}/query_runs`);
  expect(_embedded.query_runs).toMatchObject([
    { state: 'failed', error_message: expect.stringContaining(`${QUERY_SECONDS} s`) },
  ]);
  const list = await again.rest.get<{ _embedded: { report_runs: Run[] } }>(`${path}/runs`);
  expect(list._embedded.report_runs.map((one) => one.token)).toEqual([token]);
});
