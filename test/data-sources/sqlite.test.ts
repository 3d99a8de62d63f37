import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { failureOf, openQueryRuns } from '../support/query-runs.ts';

const runs = openQueryRuns({ spare: 2 });
const connection = { adapter: 'sqlite', file: join(runs.folder, 'shop.sqlite') } as const;

beforeAll(() => {
  const database = new Database(connection.file);
  database.exec(`
    CREATE TABLE sales (id INTEGER PRIMARY KEY, customer TEXT, amount REAL, mixed, day DATE);
    INSERT INTO sales VALUES (1, 'Ada', 1.5, 1, '2024-01-01'), (2, 'Grace', 2, 'two', NULL),
      (9007199254740993, NULL, 3, x'00ff', '2024-01-03');
    CREATE VIEW big AS SELECT * FROM sales WHERE amount > 1.5;
  `);
  database.close();
});
afterAll(() => runs.close());

test('rows keep their types, which are those of the cells', async () => {
  const { columns, cells } = await runs.run('SELECT *, id + 0.5 AS half FROM sales ORDER BY id;', {
    connection,
  });
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id BIGINT',
    'customer VARCHAR',
    'amount DOUBLE',
    'mixed VARCHAR',
    'day VARCHAR',
    'half DOUBLE',
  ]);
  expect(cells).toEqual([
    [1, 'Ada', 1.5, '1', '2024-01-01', 1.5],
    [2, 'Grace', 2, 'two', null, 2.5],
    ['9007199254740993', null, 3, '\\x00ff', '2024-01-03', 9007199254740992],
  ]);
});

test('values are bound', async () => {
  const sql = 'SELECT customer FROM sales WHERE id = ? AND customer = ? AND ? LIMIT ?';
  const found = await runs.run(sql, { connection, values: [1, 'Ada', true, 5] });
  expect(found.cells).toEqual([['Ada']]);
  const few = await failureOf(runs.run(sql, { connection, values: [1] }));
  expect(few.code).toBe('sql_error');
});

test('as many rows are kept as may be', async () => {
  const sql = `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT i, hex(randomblob(16)) AS digest FROM n`;
  const rows = await runs.run(sql, { connection, limits: { rows: 5_000 } });
  expect(rows).toMatchObject({ rows: 5_000, truncated: true });
  const whole = await runs.run(sql, { connection, limits: { rows: 20_000 } });
  expect(whole).toMatchObject({ rows: 20_000, truncated: false });
  const bytes = await runs.run(sql, { connection, limits: { rows: 20_000, bytes: 200_000 } });
  expect(bytes.truncated).toBe(true);
  expect(bytes.bytes).toBeLessThanOrEqual(200_000);
  expect(bytes.rows).toBeGreaterThan(1_000);
});

test('a query without rows has its columns', async () => {
  const { columns, rows } = await runs.run('SELECT id FROM sales WHERE false', { connection });
  expect([columns.map(({ name }) => name), rows]).toEqual([['id'], 0]);
});

test.each([
  ['INSERT INTO sales (id) VALUES (5)', 'not_a_query'],
  ['INSERT INTO sales (id) VALUES (5) RETURNING id', 'not_a_query'],
  ['SELECT 1; SELECT 2', 'not_a_query'],
  ['', 'not_a_query'],
  ["ATTACH '/tmp/rollcall-other.sqlite' AS other", 'not_a_query'],
  ["VACUUM INTO '/tmp/rollcall-copy.sqlite'", 'not_a_query'],
  ["SELECT load_extension('/tmp/a.so')", 'sql_error'],
  ["SELECT readfile('/etc/passwd')", 'sql_error'],
  ['SELECT nope FROM sales', 'sql_error'],
  ["SELECT json_extract('x', '$')", 'sql_error'],
  ['SELECT file FROM [PRAGMA_database_list]', 'sql_error'],
  ['PRAGMA database_list', 'sql_error'],
])('only what reads runs: %s', async (sql, code) => {
  expect((await failureOf(runs.run(sql, { connection }))).code).toBe(code);
  expect(existsSync('/tmp/rollcall-copy.sqlite')).toBe(false);
});

test.each([
  'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
  "SELECT length(replace(hex(zeroblob(400000000)), '0', 'aa'))",
  "SELECT count(*) FROM (SELECT printf('%.*c', 100000, 'x') AS a, value FROM json_each(?) ORDER BY 1)",
])('is held to its time and memory: %s', async (sql) => {
  const startedMs = performance.now();
  const values = sql.includes('?') ? [JSON.stringify(Array(20_000).fill(1))] : [];
  const bounds = { timeMs: 500, memoryBytes: 256 * 1024 * 1024 };
  const failure = await failureOf(runs.runAlone(sql, { connection, values, limits: bounds }));
  expect(['time_limit', 'memory_limit', 'sql_error']).toContain(failure.code);
  expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
});

test('the editor is told the tables with their columns', async () => {
  const tables = await runs.describe(connection);
  expect(tables.map(({ name }) => name)).toEqual(['big', 'sales']);
  expect(tables[1]?.columns[4]).toEqual({ name: 'day', type: 'DATE' });
});

test('what is no SQLite file is said to be none, without its path', async () => {
  await runs.test(connection);
  writeFileSync(join(runs.folder, 'other.sqlite'), 'x'.repeat(5_000));
  symlinkSync('/nowhere', join(runs.folder, 'dead.sqlite'));
  for (const name of ['other.sqlite', 'dead.sqlite', 'none.sqlite']) {
    const file = join(runs.folder, name);
    const failure = await failureOf(runs.test({ adapter: 'sqlite', file }));
    expect(failure.code).toBe('connection_failed');
    expect(failure.message).toContain(`The SQLite file ${name} cannot be opened`);
    expect(failure.message).not.toContain(runs.folder);
  }
});

test('texts that are not UTF-8 are said to be broken', async () => {
  const sql = "SELECT CAST(x'4dfc6c6c6572' AS TEXT) AS latin, 'M\u00fcller' AS utf8";
  const { columns, cells } = await runs.run(sql, { connection });
  expect(cells).toEqual([['M\uFFFDller', 'M\u00fcller']]);
  expect(columns.map(({ note }) => note)).toEqual([
    'Some bytes of its text are not UTF-8, and are shown as \uFFFD.',
    undefined,
  ]);
});
