import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { QueryProcesses } from '../../src/data-sources/query-processes.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { expireRuns } from '../../src/runs/expire-runs.ts';
import { OpenResults } from '../../src/runs/open-results.ts';
import { findRun, listBriefQueryRuns } from '../../src/runs/run-store.ts';
import { makeFiles, makeReport } from '../support/runs.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

const SALES = `select i::integer as id, 'name ' || i % 3 as "a,b", case when i % 2 = 0 then i end as "-x" from range(2500) r(i)`;

test('rows of a result are read by range to the last, sorted, searched and filtered', async () => {
  const { database, config, send, get, time } = await openWorkplace({ runsAtOnce: '1' });
  const acme = await makeOrganization(database);
  const source = await makeFiles(database, acme, join(config.dataDir, 'files'));
  const basic = await makeBasic(database, acme, 'member');
  const report = await makeReport(database, acme, source, [
    SALES,
    'select 1 as one',
    'select 2 as two',
  ]);
  const { token } = JSON.parse(String(report.body));
  const runs = `/api/acme/reports/${token}/runs`;
  const started = await send({ method: 'POST', url: runs, headers: { authorization: basic } });
  const runUrl = started.json()._links.self.href;
  await waitFor(async () => expect((await get(runUrl, basic)).json().state).toBe('succeeded'));
  const [queryRun] = (await get(`${runUrl}/query_runs`, basic)).json()._embedded.query_runs;
  const url = `${queryRun._links.self.href}/rows`;
  const ids = async (query: string) => {
    const answer = await get(`${url}?${query}`, basic);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json().rows.map(([id]: [number]) => id);
  };

  expect((await get(`${url}?offset=2498`, basic)).json()).toEqual({
    columns: queryRun.columns,
    rows: [
      [2498, 'name 2', 2498],
      [2499, 'name 0', null],
    ],
    row_count: 2500,
    total_count: 2500,
    offset: 2498,
    limit: 100,
  });
  expect(await ids('')).toHaveLength(100);
  expect(await ids('offset=9999999')).toEqual([]);
  expect(await ids('sort=-a%2Cb&sort=-id&limit=2')).toEqual([2498, 2495]);
  expect(await ids('sort=%2B-x&limit=2')).toEqual([0, 2]);
  expect(await ids('sort=--x&limit=2')).toEqual([2498, 2496]);
  expect(await ids('sort=--x&limit=2&offset=2')).toEqual([2494, 2492]);
  expect(await ids('q=NAME+1&filter[id]=gt:10&filter%5Bid%5D=lte:16')).toEqual([13, 16]);
  expect(await ids('filter[-x]=empty&limit=2')).toEqual([1, 3]);
  expect((await get(`${url}?filter[a,b]=eq:name+1`, basic)).json()).toMatchObject({
    row_count: 833,
    total_count: 2500,
  });

  const totaled = await get(
    `${url}?limit=1&q=name+1&total[id]=sum&total[a,b]=max&total[-x]=avg`,
    basic,
  );
  expect(totaled.json()).toMatchObject({
    rows: [[1, 'name 1', null]],
    row_count: 833,
    totals: [
      { column: 'id', aggregate: 'sum', value: 1_040_417, left_out: 0 },
      { column: 'a,b', aggregate: 'max', value: 'name 1', left_out: 0 },
      { column: '-x', aggregate: 'avg', value: 1249, left_out: 0 },
    ],
  });

  for (const [query, said] of [
    ['total[rain]=sum', /"total\[rain\]" names the column "rain"/],
    ['total[id]=median', /"median"; it must be one of sum, avg, min, max, count, count_distinct/],
    ['total=sum', /"total" names no column; a total is written total\[column\]=aggregate/],
    ['total[a,b]=sum', /total\[a,b\] is "sum"; the column is a VARCHAR, and sum takes numbers/],
    ['total[id]=sum&'.repeat(101), /101 totals/],
    ['sort=rain', /"sort" names the column "rain".*Its columns are "id", "a,b", "-x"/],
    ['sort=a,b,id', /names the column "a,b,id"/],
    ['sort=', /names the column ""/],
    ['limit=0', /limit is "0"; it must be a whole number from 1 to 1000/],
    ['limit=1001', /1 to 1000/],
    ['offset=-1', /offset is "-1"/],
    ['offset=99999999999999999999', /offset/],
    ['q=1&q=2', /q is given 2 times/],
    [`q=${'x'.repeat(1_001)}`, /1001 characters; it may have 1000/],
    ['filter=id', /"filter" names no column/],
    ['filter[id]=7', /"7"; it must be an operator.*contains, eq/],
    ['filter[id]=eq', /Write eq: and the value/],
    ['filter[id]=empty:1', /Write empty alone/],
    ['filter[id]=gt:many', /filter\[id\] is .*gt:many.* INTEGER.* a number/],
    ['filter[rain]=eq:1', /the column \\?"rain\\?"/],
    ['sort=id&'.repeat(11), /11 columns/],
    ['filter[id]=eq:1&'.repeat(51), /51 conditions/],
  ] as const) {
    const answer = await get(`${url}?${query}`, basic);
    expect(answer.statusCode, query).toBe(400);
    expect(answer.body.replaceAll('\\"', '"'), query).toMatch(said);
  }

  const found = await findRun(database, acme.id, runUrl.split('/').at(-1));
  const [large, ...small] = await listBriefQueryRuns(database, acme.id, Number(found?.number));
  const folder = join(config.dataDir, 'open');
  const parts = { database, folder, identifiers: randomIdentifiers };
  const queryProcesses = new QueryProcesses({ spare: 0 });
  onTestFinished(() => queryProcesses.close());
  const results = new OpenResults({ ...parts, queryProcesses }, { open: 3, openOfOrganization: 2 });
  const read = async (queryRun = large) => {
    const view = { sort: [], filters: [], search: '' };
    const asked = { view, range: { offset: 0, limit: 1 }, totals: [] };
    if (queryRun === undefined) throw new Error('The run has three queries.');
    return results.page(acme.id, queryRun, asked, new AbortController().signal);
  };
  const files = () => readdirSync(folder).filter((name) => name.endsWith('.parquet'));
  const pages = await Promise.all([large, ...small, large, ...small].map((one) => read(one)));
  expect(pages.map(({ rows }) => rows.replace(/,.*/, ''))).toEqual([
    '[[0',
    '[[1]]',
    '[[2]]',
    '[[0',
    '[[1]]',
    '[[2]]',
  ]);
  await waitFor(() => expect(files()).toHaveLength(2));
  await queryProcesses.close();
  expect(files()).toEqual([]);
  await expect(read()).rejects.toMatchObject({ id: 'busy' });

  time.nowMs += 400 * 24 * 60 * 60 * 1000;
  await expireRuns({ database, clock: () => time.nowMs, keepResultsDays: 30, keepRunsDays: 900 });
  const expired = await get(url, basic);
  expect(expired.statusCode, expired.body).toBe(404);
});
