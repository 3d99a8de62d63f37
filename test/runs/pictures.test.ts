import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { expireRuns } from '../../src/runs/expire-runs.ts';
import { makeFiles } from '../support/runs.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

const SALES = `select * from (values ('north', 10), ('north', 20), ('south', 5), ('south', 7)) t(region, sales)`;

test('what a chart shows of a run is kept with the run, and made of today’s chart where that is asked for', async () => {
  const { database, config, send, get, time } = await openWorkplace({ runsAtOnce: '2' });
  const acme = await makeOrganization(database);
  const source = await makeFiles(database, acme, join(config.dataDir, 'files'));
  const basic = await makeBasic(database, acme, 'member');
  const ask = async (method: 'POST' | 'PATCH', url: string, payload: object = {}) => {
    const answer = await send({ method, url, headers: { authorization: basic }, payload });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer.json();
  };
  const report = await ask('POST', '/api/acme/reports', { report: { name: 'Sales' } });
  const reportUrl = report._links.self.href;
  const query = await ask('POST', `${reportUrl}/queries`, {
    query: { name: 'Sales', raw_query: SALES, data_source_token: source },
  });
  const charts = `${query._links.self.href}/charts`;
  const bars = await ask('POST', charts, { chart: { chart_type: 'bar', spec: { x: 'region' } } });
  const rain = await ask('POST', charts, { chart: { chart_type: 'bar', spec: { y: ['rain'] } } });
  const pivot = await ask('POST', charts, {
    chart: {
      chart_type: 'pivotTable',
      spec: { x: 'sales', y: ['sales'], series: 'region', pivot_totals: 'both' },
    },
  });
  const asked = await ask('POST', `${reportUrl}/runs`);
  const runUrl = asked._links.self.href;
  await waitFor(async () => expect((await get(runUrl, basic)).json().state).toBe('succeeded'));

  const listed = (await get(`${runUrl}/charts`, basic)).json()._embedded.charts;
  expect(listed.map(({ token }: { token: string }) => token)).toEqual([
    bars.token,
    rain.token,
    pivot.token,
  ]);
  const kept = await database.all('select picture from pictures', []);
  expect(kept).toHaveLength(3);
  const pictureUrl = listed[0]._links.picture.href;
  const picture = await get(pictureUrl, basic);
  expect(picture.json()).toMatchObject({
    kind: 'series',
    x: { column: 'region', values: ['north', 'south'] },
    measures: [{ column: 'sales', aggregate: 'sum' }],
    series: [{ values: [30, 12] }],
    notes: [{ note: 'aggregated', columns: ['sales'], aggregate: 'sum' }],
  });
  const again = await send({
    url: pictureUrl,
    headers: { authorization: basic, 'if-none-match': String(picture.headers.etag) },
  });
  expect(again.statusCode).toBe(304);
  expect((await get(listed[1]._links.picture.href, basic)).json()).toMatchObject({
    kind: 'refused',
    reason: 'This run has no column "rain".',
  });

  const cells = `${runUrl}/charts/${pivot.token}/cells`;
  expect(
    (await get(`${cells}?offset=1&limit=5&column_offset=1&column_limit=2`, basic)).json(),
  ).toEqual({
    kind: 'series',
    x: { column: 'sales', kind: 'number', unit: null, time_zone: null, values: [7, 10] },
    measures: [{ column: 'sales', aggregate: null, axis: 'left' }],
    split: 'region',
    series: [{ measure: 0, value: 'south', at: [0], values: [7] }],
    part: { offset: 1, row_count: 2, column_offset: 1, column_count: 4 },
    totals: { rows: [12], columns: [[7, 10]], all: [42] },
    notes: [],
  });
  for (const [query, said] of [
    ['limit=1001', /limit is .*1001.*from 1 to 1000/],
    ['column_limit=201', /column_limit is .*201.*from 1 to 200/],
    ['column_offset=-1', /column_offset is/],
    ['spec=new', /spec is/],
  ] as const)
    expect((await get(`${cells}?${query}`, basic)).body).toMatch(said);
  const ofBars = await get(`${runUrl}/charts/${bars.token}/cells`, basic);
  expect([ofBars.statusCode, ofBars.json().message]).toEqual([
    400,
    'The chart is a bar; only a pivotTable has cells.',
  ]);

  await ask('PATCH', bars._links.self.href, {
    chart: { spec: { x: 'region', aggregate: 'max', formats: { sales: { prefix: '€' } } } },
  });
  expect((await get(pictureUrl, basic)).json().series).toEqual([{ measure: 0, values: [30, 12] }]);
  const [one, other] = await Promise.all(
    [1, 2].map(() => get(`${pictureUrl}?spec=current`, basic)),
  );
  expect(one?.json().series).toEqual([{ measure: 0, values: [20, 7] }]);
  expect(other?.body).toBe(one?.body);
  expect(await database.all('select picture from pictures', [])).toHaveLength(4);

  expect((await get(`${pictureUrl}?spec=new`, basic)).json()).toMatchObject({ id: 'bad_request' });
  expect((await get(`${runUrl}/charts/nochart/picture`, basic)).statusCode).toBe(404);
  time.nowMs += 400 * 24 * 60 * 60 * 1000;
  await expireRuns({ database, clock: () => time.nowMs, keepResultsDays: 30, keepRunsDays: 90 });
  expect(await database.all('select picture from pictures', [])).toEqual([]);
  expect((await get(pictureUrl, basic)).statusCode).toBe(404);
  expect(lists.charts.name).toBe('charts');
});
