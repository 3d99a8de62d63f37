import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchOf } from '../../src/data-sources/scratch.ts';
import { failureOf, openQueryRuns } from '../support/query-runs.ts';

const runs = openQueryRuns({ spare: 2 });

beforeAll(async () => {
  runs.put({
    'Daily Sales-2024.CSV': 'day,amount,note\n2024-01-01,10.5,=x\n2024-01-02,,\n2024-01-03,7,z\n',
    'people.tsv': 'id\tname\n1\tAda\n2\tGrace\n',
    'movies.json': '[{"title":"A","year":1999},{"title":"B","year":2001}]',
    'events.ndjson': '{"id":1,"tags":["a","b"]}\n{"id":2,"tags":[]}\n',
    'twice.csv': 'a\n1\n',
    'twice.json': '[{"a":2}]',
    'broken.parquet': 'not Parquet',
    'notes.txt': 'no table',
  });
  writeFileSync(join(runs.data, 'squeezed.csv.gz'), gzipSync('a\n5\n'));
  const { file } = await runs.run('SELECT i AS id FROM range(3) r(i)');
  copyFileSync(file, join(runs.data, 'numbers.parquet'));
});
afterAll(() => runs.close());

test('each file is a table named after it', async () => {
  const sql = `SELECT
    (SELECT sum(amount) FROM daily_sales_2024), (SELECT name FROM People WHERE id = 2),
    (SELECT max(year) FROM movies), (SELECT tags FROM events WHERE id = 1),
    (SELECT a FROM squeezed), (SELECT count(*) FROM numbers)`;
  expect((await runs.run(sql)).cells).toEqual([[17.5, 'Grace', 2001, ['a', 'b'], 5, 3]]);
});

test('a name that two files share has their endings', async () => {
  expect((await runs.run('SELECT * FROM twice_csv, twice_json')).cells).toEqual([[1, 2]]);
});

test('the editor is told the tables with their columns', async () => {
  const tables = await runs.describe({ adapter: 'duckdb', folder: runs.data });
  expect(tables.map(({ name }) => name)).toEqual([
    'broken',
    'daily_sales_2024',
    'events',
    'movies',
    'numbers',
    'people',
    'squeezed',
    'twice_csv',
    'twice_json',
  ]);
  expect(tables[1]?.columns).toEqual([
    { name: 'day', type: 'DATE' },
    { name: 'amount', type: 'DECIMAL(18,1)' },
    { name: 'note', type: 'VARCHAR' },
  ]);
});

test('a folder that is not there is said to be missing, without its path', async () => {
  const connection = { adapter: 'duckdb', folder: '/nowhere/data' } as const;
  const failures = [
    await failureOf(runs.test(connection)),
    await failureOf(runs.describe(connection)),
    await failureOf(runs.run('SELECT 1', { connection })),
  ];
  for (const { code, message } of failures) {
    expect(code).toBe('connection_failed');
    expect(message).toBe('The folder data of the data source cannot be read (ENOENT).');
  }
  await runs.test({ adapter: 'duckdb', folder: runs.data });
});

test('a file that cannot be read disturbs only the query that names it', async () => {
  expect((await runs.run('SELECT count(*) FROM people')).cells).toEqual([[2]]);
  const { code, message } = await failureOf(runs.run('FROM broken'));
  expect(code).toBe('sql_error');
  expect(message).toMatch(/^The file broken\.parquet cannot be read: /);
});

test('values are bound', async () => {
  const sql = `SELECT $1 AS text, $2 + 1 AS whole, $3 AS broken, $4 AS truth, $5 IS NULL AS missing,
    (SELECT count(*) FROM daily_sales_2024 WHERE day >= $6) AS since`;
  const values = ["x'; DROP TABLE a; --", 9_007_199_254_740_990, 1.5, true, null, '2024-01-02'];
  expect((await runs.run(sql, { values })).cells).toEqual([
    ["x'; DROP TABLE a; --", 9_007_199_254_740_991, 1.5, true, true, 2],
  ]);
});

test('a value too few is an error', async () => {
  const { code, message } = await failureOf(runs.run('SELECT $1, $2', { values: [1] }));
  expect(code).toBe('sql_error');
  expect(message).toContain('Values were not provided');
});

test('columns keep their types, and JSON says numbers only where they are exact', async () => {
  const sql = `SELECT 9007199254740993::BIGINT AS big, sum(i) AS total, 7.25::DECIMAL(10,2) AS price,
      12345678901234567890.12::DECIMAL(38,2) AS fortune, 0.1::FLOAT AS tenth, 'nan'::DOUBLE AS odd,
      DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 12:00:00.5' AS at,
      TIMESTAMPTZ '2024-02-29 12:00:00+02' AS moment, TIME '08:30:00' AS hour, true AS yes,
      {'a': 1} AS thing, '{"b": [1]}'::JSON AS json, NULL AS nothing, 'x'::ENUM ('x') AS kind
    FROM range(4) r(i)`;
  const { columns, cells } = await runs.run(sql);
  expect(Object.fromEntries(columns.map(({ name, type }) => [name, type]))).toEqual({
    big: 'BIGINT',
    total: 'DECIMAL(38,0)',
    price: 'DECIMAL(10,2)',
    fortune: 'DECIMAL(38,2)',
    tenth: 'FLOAT',
    odd: 'DOUBLE',
    day: 'DATE',
    at: 'TIMESTAMP',
    moment: 'TIMESTAMP WITH TIME ZONE',
    hour: 'TIME',
    yes: 'BOOLEAN',
    thing: 'STRUCT(a INTEGER)',
    json: 'JSON',
    nothing: 'INTEGER',
    kind: 'VARCHAR',
  });
  expect(cells).toEqual([
    [
      '9007199254740993',
      6,
      7.25,
      '12345678901234567890.12',
      0.1,
      'nan',
      '2024-02-29',
      '2024-02-29T12:00:00.5',
      '2024-02-29T10:00:00Z',
      '08:30:00',
      true,
      { a: 1 },
      { b: [1] },
      null,
      'x',
    ],
  ]);
});

test.each([
  ['SELECT 1 AS id, 2 AS ID, 3 AS "sum(""x"")";\n', ['id', 'ID_1', 'sum("x")'], [[1, 2, 3]]],
  ['-- before\nSELECT 1 AS a; -- after', ['a'], [[1]]],
  ['WITH q AS (SELECT 2 AS b) FROM q /* end */', ['b'], [[2]]],
  ['VALUES (1), (2)', ['col0'], [[1], [2]]],
  ["FROM people PIVOT (max(id) FOR name IN ('Ada'))", ['Ada'], [[1]]],
  [
    "SELECT '[1]'::JSON AS json, sum(i) AS total FROM range(3) r(i); -- after",
    ['json', 'total'],
    [[[1], 3]],
  ],
  ['SELECT 1 AS none WHERE false', ['none'], []],
])('runs %j', async (sql, names, cells) => {
  const result = await runs.run(sql);
  expect(result.columns.map(({ name }) => name)).toEqual(names);
  expect(result.cells).toEqual(cells);
  expect(result).toMatchObject({ rows: cells.length, truncated: false });
});

test('the order of the query is kept', async () => {
  const sql = 'SELECT i FROM range(300000) r(i) ORDER BY i DESC';
  const { cells, rows } = await runs.run(sql, { limits: { rows: 300_000 } });
  expect(rows).toBe(300_000);
  expect(cells.slice(0, 3)).toEqual([[299_999], [299_998], [299_997]]);
  expect(cells).toHaveLength(1_000);
});

test.each(['', '; -- by parts'])('as many rows are kept as may be (%j)', async (end) => {
  const limits = { rows: 5_000 };
  const exact = await runs.run(`SELECT i FROM range(5000) r(i)${end}`, { limits });
  expect(exact).toMatchObject({ rows: 5_000, truncated: false });
  const cut = await runs.run(`SELECT i FROM range(5001) r(i)${end}`, { limits });
  expect(cut).toMatchObject({ rows: 5_000, truncated: true });
  const counted = await countRows(cut.file);
  expect(counted).toBe(5_000);
});

test.each(['', '; -- by parts'])('as many bytes are kept as may be (%j)', async (end) => {
  const limits = { bytes: 1_000_000, rows: 1_000_000 };
  const sql = `SELECT i, md5(i::VARCHAR) AS digest FROM range(500000) r(i)${end}`;
  const { rows, bytes, truncated, file, cells } = await runs.run(sql, { limits });
  expect(truncated).toBe(true);
  expect(bytes).toBe(statSync(file).size);
  expect(bytes).toBeLessThanOrEqual(limits.bytes);
  expect(bytes).toBeGreaterThan(limits.bytes / 2);
  expect(await countRows(file)).toBe(rows);
  expect(cells[1]).toEqual([1, 'c4ca4238a0b923820dcc509a6f75849b']);
});

test('a row that is larger than a result may be leaves none', async () => {
  const sql = "SELECT string_agg(md5(i::VARCHAR), '') AS long FROM range(10000) r(i)";
  const result = await runs.run(sql, { limits: { bytes: 10_000 } });
  expect(result).toMatchObject({ rows: 0, truncated: true, cells: [] });
  expect(result.columns).toEqual([{ name: 'long', type: 'VARCHAR' }]);
});

test('the preview is bounded', async () => {
  const { preview, rows, cells } = await runs.run(
    "SELECT repeat('a', 10000) AS a FROM range(1000)",
  );
  expect(rows).toBe(1_000);
  expect(preview.length).toBeLessThanOrEqual(1_000_000);
  expect(cells.length).toBeGreaterThan(90);
});

test.each([
  ['SELECT 1,\n  nope\nFROM people', 2, 3, 'Binder Error: Referenced column "nope" not found'],
  ['SELEC 1', 1, 1, 'Parser Error: syntax error at or near "SELEC"'],
  ["SELECT 'é', nope FROM people", 1, 13, 'Binder Error: Referenced column "nope"'],
  ['SELECT name::INTEGER\nFROM people', 1, 12, "Conversion Error: Could not convert string 'Ada'"],
  ['FROM nowhere', 1, 6, 'Catalog Error: Table with name nowhere does not exist'],
])('an error has its place: %j', async (sql, line, position, message) => {
  const failure = await failureOf(runs.run(sql));
  expect(failure).toMatchObject({ code: 'sql_error', line, position });
  expect(failure.message).toContain(message);
});

test.each(['', ' \n', '-- nothing', ';'])('no statement is no query: %j', async (sql) => {
  const { code, message } = await failureOf(runs.run(sql));
  expect([code, message]).toEqual(['not_a_query', 'The query has no statement.']);
});

test('nothing of a query stays beside its result', async () => {
  const { file } = await runs.runAlone('SELECT i FROM range(20000) r(i); -- by parts');
  expect(existsSync(scratchOf(file))).toBe(false);
  const failed = failureOf(runs.runAlone('SELECT error($1)', { values: ['no'] }));
  expect((await failed).message).toContain('no');
  expect(readdirSync(runs.folder).filter((name) => name.includes('scratch'))).toEqual([]);
});

async function countRows(file: string): Promise<number> {
  copyFileSync(file, join(runs.data, 'counted.parquet'));
  return (await runs.run('SELECT count(*) FROM counted')).cells[0]?.[0] as number;
}
