import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { queryPrograms } from '../support/query-programs.ts';
import { failureOf, openQueryRuns } from '../support/query-runs.ts';

const runs = openQueryRuns({ spare: 2 });
const SECRET = 'known-to-nobody';
const MB = 1024 * 1024;
const memoryBytes = 256 * MB;

beforeAll(() => {
  runs.put({
    'sales.csv': 'id,amount\n1,10\n2,20\n',
    '../outside.csv': `word\n${SECRET}\n`,
    'inner/deep.csv': `word\n${SECRET}\n`,
  });
  symlinkSync(join(runs.folder, 'outside.csv'), join(runs.data, 'linked.csv'));
  symlinkSync(runs.folder, join(runs.data, 'linked'));
  symlinkSync(join(runs.data, 'sales.csv'), join(runs.data, 'orders.csv'));
  mkdirSync(join(runs.data, 'folder.csv'));
});
afterAll(() => runs.close());

/** The most memory that a query's process was seen with, while `work` was going on. */
async function peakOf(work: Promise<unknown>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    for (const { residentBytes } of queryPrograms()) peak = Math.max(peak, residentBytes);
  }, 10);
  await work.finally(() => clearInterval(timer)).catch(() => undefined);
  return peak;
}

test.each([
  "FROM read_csv('/etc/passwd')",
  "FROM read_text('/etc/passwd')",
  "FROM read_blob('/proc/self/environ')",
  "FROM glob('/etc/*')",
  "FROM sniff_csv('/etc/passwd')",
  "FROM '/etc/passwd'",
  "FROM '../outside.csv'",
  "FROM read_csv('../outside.csv')",
  "FROM read_csv('inner/../../outside.csv')",
  "FROM read_csv('inner/deep.csv')",
  "FROM read_csv('linked.csv')",
  "FROM 'linked/outside.csv'",
  "FROM read_csv('*.csv')",
  "FROM read_parquet('http://127.0.0.1:1/a.parquet')",
  "FROM read_parquet('s3://bucket/a.parquet')",
  "FROM parquet_metadata('../result-1.parquet')",
  "FROM query('FROM ''../outside.csv''')",
  'FROM linked',
  "SELECT getenv('HOME')",
])('reads nothing outside the folder: %s', async (sql) => {
  const failure = await failureOf(runs.run(sql));
  expect(failure.code).toBe('sql_error');
  expect(failure.message).not.toContain(SECRET);
  expect(failure.message).not.toContain(runs.folder);
});

test('a link is read where it leads to a file of the folder', async () => {
  expect((await runs.run('FROM orders')).cells).toEqual([
    [1, 10],
    [2, 20],
  ]);
  const names = (await runs.run('SHOW TABLES')).cells.flat();
  expect(names).toEqual(['orders', 'sales']);
});

test.each([
  "COPY (SELECT 1) TO '/tmp/rollcall-copied.csv'",
  "COPY (SELECT 1) TO 'sales.csv'",
  "EXPLAIN ANALYZE COPY (SELECT 1) TO 'sales.csv'",
  "EXPORT DATABASE '/tmp/rollcall-exported'",
  "ATTACH '/tmp/rollcall.duckdb'",
  "ATTACH ':memory:' AS other",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET enable_external_access = true',
  "SET memory_limit = '100GB'",
  'SET threads = 100',
  'RESET lock_configuration',
  "PRAGMA enable_profiling = 'json'",
  "SET profiling_output = '/tmp/rollcall-profile'",
  "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
  'SET VARIABLE a = 1',
  'CREATE TABLE a AS SELECT 1',
  'INSERT INTO sales VALUES (3, 30)',
  'DROP VIEW sales',
  'PREPARE a AS SELECT 1',
  'CALL enable_logging()',
  'CHECKPOINT',
  'SELECT 1; DROP VIEW sales',
  'SELECT 1; SELECT 2',
  "SELECT 1) AS result(c0)) TO 'sales.csv' (FORMAT csv); FROM (SELECT 1",
])('only one statement that reads runs: %s', async (sql) => {
  const failure = await failureOf(runs.run(sql));
  expect(['not_a_query', 'sql_error']).toContain(failure.code);
  expect(failure.message).not.toMatch(/\/(tmp|root|home)/);
  expect(readFileSync(join(runs.data, 'sales.csv'), 'utf8')).toBe('id,amount\n1,10\n2,20\n');
});

/** What needs no memory runs until its time is over. */
const SHORT_MS = 300;

test.each<[name: string, sql: string, timeMs?: number]>([
  ['a list of 1e8', 'SELECT list(range) FROM range(100000000)'],
  [
    'a cross join',
    'SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range <> b.range',
    SHORT_MS,
  ],
  [
    'a recursion without end',
    'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t',
    SHORT_MS,
  ],
  [
    'a heavy pattern',
    "SELECT regexp_matches(repeat('a', 100000) || i, '(a*)*(a*)*b') FROM range(100000) r(i)",
    SHORT_MS,
  ],
  ['a long range', 'SELECT range(1000000000)'],
  ['a long text', "SELECT repeat('a', 4000000000)"],
  ['a padded text', "SELECT lpad('x', 2000000000, 'y')"],
  ['a sorted list', 'SELECT list_sort(range(200000000))'],
  ['a wide number', "SELECT printf('%*d', 2000000000, 1)"],
  ['a wide text', "SELECT format('{:>2000000000}', 'x')"],
  ['long texts in many rows', "SELECT repeat('a' || i, 1000000) FROM range(10000) r(i)"],
  ['many groups', 'SELECT md5(i::VARCHAR) AS m, count(*) FROM range(100000000) r(i) GROUP BY m'],
])('is held to its time and memory: %s', async (_, sql, timeMs = 1_000) => {
  const startedMs = performance.now();
  const failure = failureOf(runs.runAlone(sql, { limits: { timeMs, memoryBytes } }));
  const peak = await peakOf(failure);
  expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
  expect(['memory_limit', 'time_limit', 'sql_error']).toContain((await failure).code);
  // What the process has before the query, which is about 110 MB, comes on top.
  expect(peak).toBeLessThan(memoryBytes + 160 * MB);
});

test('5,000 brackets within one another do no harm', async () => {
  const outcome = await runs
    .runAlone(`SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)} AS a`)
    .catch((error) => error);
  expect(outcome.cells ?? outcome.code).toSatisfy(
    (it) => it === 'sql_error' || JSON.stringify(it) === '[[1]]',
  );
});
