import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PostgresqlConnection } from '../../src/data-sources/engines/postgresql/connection-fields.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { testWith } from '../support/machine-tools.ts';
import { failureOf, killQueryProcesses, openQueryRuns } from '../support/query-runs.ts';
import { startPgbouncer } from '../support/start-pgbouncer.ts';
import { type RunningPostgres, startPostgres } from '../support/start-postgres.ts';

const runs = openQueryRuns({ spare: 2 });
/** Only what stops the query ends it: nothing here waits as long. */
const endless = { timeMs: 3_600_000 };
const SLEEP = 'SELECT pg_sleep(3600)';
let postgres: RunningPostgres;
let client: pg.Client;
let connection: PostgresqlConnection;

beforeAll(async () => {
  postgres = await startPostgres({ access: ['host all keeper 127.0.0.1/32 scram-sha-256'] });
  client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`
    CREATE TABLE sales (id bigint, customer text, price numeric(10, 2), sold_at timestamptz, facts jsonb);
    INSERT INTO sales SELECT i, 'customer ' || i, i * 1.25, timestamptz '2024-01-01 00:00+00' + i * interval '1 hour',
      '{"a": [1]}' FROM generate_series(1, 20000) i;
    CREATE SCHEMA other;
    CREATE TABLE other.things (name varchar(20));
    CREATE ROLE keeper LOGIN PASSWORD 'known-to-nobody';
    CREATE ROLE loner LOGIN CONNECTION LIMIT 1`);
  const { port } = new URL(postgres.url);
  connection = {
    adapter: 'postgresql',
    host: '127.0.0.1',
    port: Number(port),
    database: 'postgres',
    username: 'postgres',
  };
});
afterAll(async () => {
  await client.end();
  await postgres.stop();
  await runs.close();
});

test('rows keep their types', async () => {
  const sql = `SELECT id, customer, price, sold_at, facts, sum(price) OVER () AS total, true AS yes,
      1.5::real AS part, 'nan'::float8 AS odd, DATE '2024-02-29' AS day, TIME '08:30' AS hour, ARRAY[1, 2] AS list,
      9007199254740993 AS big, NULL AS nothing, interval '1 day' AS span, '\\x00ff'::bytea AS raw
    FROM sales WHERE id = $1; -- one`;
  const { columns, cells } = await runs.run(sql, { connection, values: [2] });
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id BIGINT',
    'customer VARCHAR',
    'price DECIMAL(10,2)',
    'sold_at TIMESTAMP WITH TIME ZONE',
    'facts JSON',
    'total DOUBLE',
    'yes BOOLEAN',
    'part FLOAT',
    'odd DOUBLE',
    'day DATE',
    'hour TIME',
    'list VARCHAR',
    'big BIGINT',
    'nothing VARCHAR',
    'span VARCHAR',
    'raw VARCHAR',
  ]);
  const [first] = cells;
  expect(first).toEqual([
    2,
    'customer 2',
    2.5,
    '2024-01-01T02:00:00Z',
    { a: [1] },
    2.5,
    true,
    1.5,
    'nan',
    '2024-02-29',
    '08:30:00',
    '{1,2}',
    '9007199254740993',
    null,
    '1 day',
    '\\x00ff',
  ]);
});

test('values are bound, and typed by where they stand', async () => {
  const sql = `SELECT count(*) AS n, max(customer) AS last FROM sales
    WHERE id <= $1 AND sold_at >= $2 AND customer <> $3 AND ($4 OR $5::text IS NOT NULL)`;
  const values = [10, '2024-01-01 02:00+00', "x'; DROP TABLE sales; --", true, null];
  expect((await runs.run(sql, { connection, values })).cells).toEqual([[9, 'customer 9']]);
});

test('as many rows are kept as may be, in their order', async () => {
  const sql = 'SELECT id FROM sales ORDER BY id DESC';
  const cut = await runs.run(sql, { connection, limits: { rows: 5_000 } });
  expect(cut).toMatchObject({ rows: 5_000, truncated: true });
  expect(cut.cells.slice(0, 2)).toEqual([[20_000], [19_999]]);
  const whole = await runs.run(sql, { connection, limits: { rows: 20_000 } });
  expect(whole).toMatchObject({ rows: 20_000, truncated: false });
  const none = await runs.run('SELECT id FROM sales WHERE false', { connection });
  expect(none).toMatchObject({ rows: 0, columns: [{ name: 'id', type: 'BIGINT' }] });
});

test.each([
  ["INSERT INTO sales VALUES (0, 'x')", 'syntax error'],
  ['WITH gone AS (DELETE FROM sales RETURNING id) SELECT * FROM gone', 'data-modifying'],
  ['SELECT 1; DELETE FROM sales', 'multiple commands'],
  ["COPY sales TO PROGRAM 'cat > /tmp/rollcall-copied'", 'syntax error'],
  ['SELECT * INTO copied FROM sales', 'INTO is not allowed here'],
  ["SELECT setval('numbers', 1)", 'does not exist'],
  ['SET default_transaction_read_only = off', 'syntax error'],
  ['', 'syntax error'],
  [
    '-- zone\nshow timezone;',
    "SHOW is not supported here. Write SELECT current_setting('timezone').",
  ],
  ['SHOW ALL', 'Write SELECT name, setting FROM pg_settings.'],
  [
    'EXPLAIN SELECT 1',
    'EXPLAIN is not supported here: a query begins with SELECT, WITH, VALUES or TABLE',
  ],
])('only what reads runs: %s', async (sql, message) => {
  const failure = await failureOf(runs.run(sql, { connection }));
  expect(failure.code).toBe('sql_error');
  expect(failure.message).toContain(message);
  expect((await client.query('SELECT count(*) FROM sales')).rows[0].count).toBe('20000');
});

test('a function that writes is refused', async () => {
  await client.query(
    "CREATE FUNCTION spoil() RETURNS int LANGUAGE sql AS 'DELETE FROM sales; SELECT 1'",
  );
  const { message } = await failureOf(runs.run('SELECT spoil()', { connection }));
  expect(message).toContain('cannot execute DELETE in a read-only transaction');
});

test('an error has its place', async () => {
  const failure = await failureOf(runs.run('SELECT id,\n  nope FROM sales', { connection }));
  expect(failure).toMatchObject({ code: 'sql_error', line: 2, position: 3 });
  expect(failure.message).toBe('ERROR: column "nope" does not exist');
});

describe('a query ends on the server', () => {
  /** A role that may have one connection, which its query has: there is none left to end it by. */
  const alone = () => ({ ...connection, username: 'loner' });

  test('where it is cancelled', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const running = failureOf(
      runs.runAlone(SLEEP, { connection: alone(), limits: endless, signal }),
    );
    await expect.poll(isRunning).toBe(true);
    controller.abort();
    expect((await running).code).toBe('cancelled');
    await expect.poll(isRunning).toBe(false);
  });

  test('where it is cancelled on a connection with TLS', async () => {
    for (const file of ['certificate.pem', 'key.pem']) {
      const lines = readFileSync(new URL(`../data/tls/${file}`, import.meta.url), 'utf8').trim();
      const texts = lines.split('\n').map((line) => `('${line}')`);
      await client.query(`COPY (VALUES ${texts.join()}) TO PROGRAM 'umask 077 && cat > ${file}'`);
    }
    await client.query("ALTER SYSTEM SET ssl_cert_file = 'certificate.pem'");
    await client.query("ALTER SYSTEM SET ssl_key_file = 'key.pem'");
    await client.query('ALTER SYSTEM SET ssl = on');
    await client.query('SELECT pg_reload_conf()');
    const controller = new AbortController();
    const { signal } = controller;
    const secure = { ...alone(), ssl: 'require' as const };
    await expect
      .poll(() =>
        // In a process that ends with its connection: the role may have no other.
        runs.processes.test(secure).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const running = failureOf(
      runs.runAlone(SLEEP, { connection: secure, limits: endless, signal }),
    );
    await expect.poll(isRunning).toBe(true);
    controller.abort();
    expect((await running).code).toBe('cancelled');
    await expect.poll(isRunning).toBe(false);
    await client.query('ALTER SYSTEM RESET ALL');
    await client.query('SELECT pg_reload_conf()');
  });

  test('where its process is killed', async () => {
    const running = failureOf(runs.runAlone(SLEEP, { connection: alone(), limits: endless }));
    await expect.poll(isRunning).toBe(true);
    killQueryProcesses();
    expect((await running).code).toBe('process_died');
    await expect.poll(isRunning).toBe(false);
  });

  test('where the server that asked for it closes', async () => {
    const closing = openQueryRuns({ spare: 0 });
    const running = failureOf(closing.runAlone(SLEEP, { connection: alone(), limits: endless }));
    await expect.poll(isRunning).toBe(true);
    await closing.close();
    expect((await running).code).toBe('cancelled');
    await expect.poll(isRunning).toBe(false);
  });
});

testWith('pgbouncer')(
  'what a pooler’s connection is used for next is as it was before',
  async () => {
    const bouncer = await startPgbouncer(connection.port as number);
    const other = new pg.Client({
      host: '127.0.0.1',
      port: bouncer.port,
      user: 'postgres',
      database: 'postgres',
    });
    try {
      await other.connect();
      // Names of clients are the pooler's own care.
      const settings = async () =>
        (
          await other.query(
            `SELECT pg_backend_pid(), name, setting FROM pg_settings WHERE name <> 'application_name' AND source = 'session' OR name IN ('client_connection_check_interval',
             'cursor_tuple_fraction', 'datestyle', 'default_transaction_read_only', 'idle_in_transaction_session_timeout', 'statement_timeout')`,
          )
        ).rows;
      const before = await settings();
      const pooled = { ...connection, port: bouncer.port };
      await runs.processes.test(pooled);
      await runs.processes.describe(pooled);
      expect((await runs.runAlone('SELECT 1 AS one', { connection: pooled })).cells).toEqual([[1]]);
      await failureOf(runs.runAlone('SELECT 1 / 0', { connection: pooled }));
      const sets = "SELECT set_config('statement_timeout', '59000', false)";
      await runs.runAlone(sets, { connection: pooled });
      expect(await settings()).toEqual(before);
      await other.query('CREATE TABLE written (id int); DROP TABLE written');
      // What is stopped here is stopped by the pooler, whose names of connections are not the server's.
      const controller = new AbortController();
      const { signal } = controller;
      const running = failureOf(
        runs.runAlone(SLEEP, { connection: pooled, limits: endless, signal }),
      );
      await expect.poll(isRunning).toBe(true);
      controller.abort();
      await running;
      expect(await settings()).toEqual(before);
    } finally {
      await other.end();
      await bouncer.stop();
    }
  },
);

test('a query ends on the server when its time is over', async () => {
  const sql = 'SELECT count(*) FROM generate_series(1, 1e12::bigint)';
  const startedMs = performance.now();
  const failure = await failureOf(runs.runAlone(sql, { connection, limits: { timeMs: 1_000 } }));
  expect(failure.code).toBe('time_limit');
  expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
  await expect.poll(() => isRunning()).toBe(false);
});

test('a server that goes away is a failed query', async () => {
  const running = failureOf(runs.runAlone(SLEEP, { connection, limits: endless }));
  while (!(await isRunning())) await sleep(50);
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'",
  );
  expect(['connection_failed', 'sql_error']).toContain((await running).code);
});

test('the editor is told the tables with their columns', async () => {
  const tables = await runs.describe(connection);
  expect(tables.map(({ name }) => name)).toEqual(['sales', 'other.things']);
  expect(tables[0]?.columns[2]).toEqual({ name: 'price', type: 'numeric(10,2)' });
});

test('a connection that fails says why, without its password', async () => {
  await runs.test(connection);
  const keeper = { ...connection, username: 'keeper' };
  await runs.test({ ...keeper, password: 'known-to-nobody' });
  for (const wrong of [
    { ...keeper, password: 'known-to-somebody' },
    keeper,
    { ...connection, database: 'none' },
    { ...connection, port: 1 },
    { ...connection, host: 'nowhere.invalid' },
    { ...connection, ssl: 'require' as const },
  ]) {
    const { code, message } = await failureOf(runs.test(wrong));
    expect(code).toBe('connection_failed');
    expect(message).not.toBe('');
    expect(message).not.toContain('known-to');
  }
});

// Of all the ways to write such a host, see host-address.test.ts.
test.each(['127.0.0.1', 'localhost'])('where private networks are refused, %s is', async (host) => {
  let connections = 0;
  const listener = createServer(() => connections++);
  const port = await new Promise<number>((resolve) => {
    listener.listen(0, () => resolve((listener.address() as { port: number }).port));
  });
  const careful = openQueryRuns({ spare: 0, privateHosts: 'refuse' });
  try {
    const { code } = await failureOf(careful.processes.test({ ...connection, host, port }));
    expect(['host_refused', 'connection_failed']).toContain(code);
    expect(connections).toBe(0);
  } finally {
    listener.close();
    await careful.close();
  }
});

/** Whether a query process keeps the server busy. */
async function isRunning(): Promise<boolean> {
  const { rows } = await client.query(
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'rollcall' AND state = 'active'",
  );
  return rows.length > 0;
}

test.each([
  ['no digit is lost', ['12345678901234567890', '12345678901234567891'], 'DECIMAL(20,0)'],
  ['small beside large', ['0.000000000000000001', '1234567890123456789'], 'DECIMAL(37,18)'],
  ['what a float gives back is one', ['0.1', '2.5000000000000000', '1e10'], 'DOUBLE'],
  ['an infinity is one, too', ['0.5', 'Infinity', 'NaN'], 'DOUBLE'],
  ['more digits than any number of DuckDB', [`1${'0'.repeat(50)}.5`, '1'], 'VARCHAR'],
  ['not a number beside many digits', ['NaN', '12345678901234567890'], 'VARCHAR'],
])('a numeric without digits of its own: %s', async (_, texts, type) => {
  const values = texts.map((text) => `('${text}'::numeric)`).join();
  const sql = `SELECT n, n::text AS text FROM (VALUES ${values}) v (n)`;
  const { columns, file } = await runs.run(sql, { connection });
  expect(columns[0]?.type).toBe(type);
  const csv = await text(runs.processes.convert(file, { format: 'csv' }));
  const cells = csv
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));
  for (const [number, asText] of cells) expect(sameNumber(number)).toBe(sameNumber(asText));
});

test('an odd value does not fail the others', async () => {
  const sql = `SELECT n::numeric(12, 2), d, t, z FROM (VALUES
    (1.25, DATE '2024-02-29', TIMESTAMP '2024-02-29 08:30', TIMESTAMPTZ '2024-02-29 08:30+00'),
    ('NaN', '0044-03-15 BC', '0044-03-15 08:30 BC', '0044-03-15 08:30+00 BC')) v (n, d, t, z)`;
  const { columns, cells } = await runs.run(sql, { connection });
  expect(columns.map(({ type }) => type)).toEqual(['DOUBLE', 'VARCHAR', 'VARCHAR', 'VARCHAR']);
  expect(cells[1]?.slice(0, 3)).toEqual(['nan', '0044-03-15 BC', '0044-03-15 08:30:00 BC']);
  expect(cells[1]?.[3]).toMatch(/BC$/);
});

test('columns without a name get one, and no columns are refused', async () => {
  const { columns } = await runs.run('SELECT 1 AS " ", 2 AS two, 3 AS "  "', { connection });
  expect(columns.map(({ name }) => name)).toEqual(['column_1', 'two', 'column_3']);
  const failure = await failureOf(runs.run('SELECT', { connection }));
  expect(failure).toMatchObject({
    code: 'not_a_query',
    message: expect.stringContaining('no columns'),
  });
});

/** A number's text without what says nothing. */
function sameNumber(text = ''): string {
  const plain = text.toLowerCase().replace(/^inf$/, 'infinity');
  return /^-?\d+\.\d+$/.test(plain) ? plain.replace(/\.?0+$/, '') : plain;
}
