import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { MysqlConnection } from '../../src/data-sources/engines/mysql/connection-fields.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { testWith } from '../support/machine-tools.ts';
import { failureOf, killQueryProcesses, openQueryRuns } from '../support/query-runs.ts';
import { type RunningMariadb, startMariadb } from '../support/start-mariadb.ts';

const test = testWith('mariadb');
/** Only what stops the query ends it: nothing here waits as long. */
const endless = { timeMs: 3_600_000 };

describe('MariaDB', () => {
  const runs = openQueryRuns({ spare: 2 });
  let mariadb: RunningMariadb | undefined;
  let connection: MysqlConnection;
  const run = (...statements: string[]) => (mariadb as RunningMariadb).run(...statements);

  beforeAll(async () => {
    if (!('concurrent' in test)) return;
    mariadb = await startMariadb();
    const { port } = mariadb;
    connection = {
      adapter: 'mysql',
      host: '127.0.0.1',
      port,
      database: 'test',
      username: 'reader',
    };
    await run(
      'CREATE TABLE sales (id bigint unsigned, customer varchar(50), price decimal(10, 2), sold_at datetime, facts json, small tinyint, span time)',
      `INSERT INTO sales SELECT seq, concat('customer ', seq), seq * 1.25, '2024-01-01 00:00:00' + INTERVAL seq HOUR,
        '{"a": [1]}', -1, '30:00:00' FROM seq_1_to_20000`,
      "CREATE USER reader@'%'",
      "GRANT ALL ON *.* TO reader@'%'",
      "CREATE USER loner@'%' WITH MAX_USER_CONNECTIONS 1",
      "GRANT SELECT ON test.* TO loner@'%'",
      "CREATE USER keeper@'%' IDENTIFIED BY 'known-to-nobody'",
      "GRANT SELECT ON test.* TO keeper@'%'",
    );
  });
  afterAll(async () => {
    await mariadb?.stop();
    await runs.close();
  });

  test('rows keep their types', async () => {
    const sql = `SELECT *, sum(price) OVER () AS total, 1.5e0 AS part, DATE '2024-02-29' AS day,
        9007199254740993 AS big, NULL AS nothing, x'00ff' AS raw, '0000-00-00' + INTERVAL 0 DAY AS never
      FROM sales WHERE id = ?; -- one`;
    const { columns, cells } = await runs.run(sql, { connection, values: [2] });
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id UBIGINT',
      'customer VARCHAR',
      'price DECIMAL(10,2)',
      'sold_at TIMESTAMP',
      'facts JSON',
      'small TINYINT',
      'span VARCHAR',
      'total DECIMAL(32,2)',
      'part DOUBLE',
      'day DATE',
      'big BIGINT',
      'nothing VARCHAR',
      'raw VARCHAR',
      'never VARCHAR',
    ]);
    expect(cells[0]).toEqual([
      2,
      'customer 2',
      2.5,
      '2024-01-01T02:00:00',
      { a: [1] },
      -1,
      '30:00:00',
      2.5,
      1.5,
      '2024-02-29',
      '9007199254740993',
      null,
      '\\x00ff',
      null,
    ]);
  });

  test('values are bound', async () => {
    const sql =
      'SELECT id FROM sales WHERE id <= ? AND customer <> ? AND sold_at >= ? AND ? LIMIT ?';
    const values = [10, "x'; DROP TABLE sales; --", '2024-01-01 02:00:00', true, 3];
    expect((await runs.run(sql, { connection, values })).cells).toEqual([[2], [3], [4]]);
  });

  test('as many rows are kept as may be, in their order', async () => {
    const sql = 'SELECT id FROM sales ORDER BY id DESC';
    const cut = await runs.run(sql, { connection, limits: { rows: 5_000 } });
    expect(cut).toMatchObject({ rows: 5_000, truncated: true });
    expect(cut.cells.slice(0, 2)).toEqual([[20_000], [19_999]]);
    const whole = await runs.run(sql, { connection, limits: { rows: 20_000 } });
    expect(whole).toMatchObject({ rows: 20_000, truncated: false });
    const none = await runs.run('SELECT id FROM sales WHERE false', { connection });
    expect(none).toMatchObject({ rows: 0, columns: [{ name: 'id', type: 'UBIGINT' }] });
  });

  test.each([
    ['INSERT INTO sales (id) VALUES (0)', 'sql_error'],
    ['DELETE FROM sales', 'sql_error'],
    ['DELETE FROM sales RETURNING id', 'sql_error'],
    ['DROP TABLE sales', 'not_a_query'],
    ["SELECT * FROM sales INTO OUTFILE '/tmp/rollcall-copied'", 'not_a_query'],
    ["LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE sales", 'sql_error'],
    ['SET SESSION TRANSACTION READ WRITE', 'not_a_query'],
    ['SELECT 1; DELETE FROM sales', 'sql_error'],
    ['', 'sql_error'],
  ])('only what reads runs: %s', async (sql, code) => {
    expect((await failureOf(runs.run(sql, { connection }))).code).toBe(code);
    const [rows] = await run('SELECT count(*) AS n FROM sales');
    expect(rows).toEqual([{ n: 20_000 }]);
  });

  test('SHOW runs', async () => {
    const { cells } = await runs.run('SHOW TABLES', { connection });
    expect(cells.flat()).toContain('sales');
  });

  test('an error has its line', async () => {
    const failure = await failureOf(runs.run('SELECT id,\n  FROM sales', { connection }));
    expect(failure).toMatchObject({ code: 'sql_error', line: 2 });
    const unknown = await failureOf(runs.run('SELECT nope FROM sales', { connection }));
    expect(unknown.message).toContain("Unknown column 'nope'");
  });

  describe('a query ends on the server', () => {
    const sql = 'SELECT count(*), sleep(3600) AS stopped_query FROM sales';
    const isWorking = () => isRunning('stopped_query');

    test('where it is cancelled, though for a while nobody else is let in', async () => {
      const loner = { ...connection, username: 'loner' };
      const controller = new AbortController();
      const { signal } = controller;
      const running = failureOf(runs.runAlone(sql, { connection: loner, limits: endless, signal }));
      await expect.poll(isWorking).toBe(true);
      controller.abort();
      expect((await running).code).toBe('cancelled');
      await run("ALTER USER loner@'%' WITH MAX_USER_CONNECTIONS 2");
      await expect.poll(isWorking).toBe(false);
    });

    test('where its process is killed', async () => {
      const running = failureOf(runs.runAlone(sql, { connection, limits: endless }));
      await expect.poll(isWorking).toBe(true);
      killQueryProcesses();
      expect((await running).code).toBe('process_died');
      await expect.poll(isWorking).toBe(false);
    });

    test('where the server that asked for it closes', async () => {
      const closing = openQueryRuns({ spare: 0 });
      const running = failureOf(closing.runAlone(sql, { connection, limits: endless }));
      await expect.poll(isWorking).toBe(true);
      await closing.close();
      expect((await running).code).toBe('cancelled');
      await expect.poll(isWorking).toBe(false);
    });
  });

  test('what is set for a query is set back after it, and nothing else is set', async () => {
    await run(
      'SET GLOBAL max_statement_time = 77',
      "SET GLOBAL log_output = 'TABLE'",
      'SET GLOBAL general_log = 1',
    );
    await runs.run('SELECT 1 AS one', { connection });
    await failureOf(runs.run('SELECT nothing', { connection }));
    const [rows] = await run(
      "SELECT argument FROM mysql.general_log WHERE argument LIKE 'SET%'",
      'SET GLOBAL general_log = 0',
      'SET GLOBAL max_statement_time = 0',
    );
    const said = (rows as { argument: Buffer }[]).map(({ argument }) => String(argument));
    expect(said.filter((text) => !text.startsWith('SET GLOBAL'))).toEqual([
      'SET SESSION max_statement_time = 10',
      expect.stringMatching(/^SET SESSION max_statement_time = 77/),
      'SET SESSION max_statement_time = 10',
      expect.stringMatching(/^SET SESSION max_statement_time = 77/),
    ]);
  });

  test('decimals of any size, and columns without a name', async () => {
    const sql = `SELECT CAST('12345678901234567890123.5' AS DECIMAL(65, 30)) AS wide, CAST('0.1' AS DECIMAL(65, 30)) AS small,
      CAST('${'9'.repeat(40)}' AS DECIMAL(65, 0)) AS widest, 1 AS ''`;
    const { columns, cells } = await runs.run(sql, { connection });
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'wide DECIMAL(24,1)',
      'small DOUBLE',
      'widest VARCHAR',
      'column_4 INTEGER',
    ]);
    expect(cells).toEqual([['12345678901234567890123.5', 0.1, '9'.repeat(40), 1]]);
  });

  test('a query ends on the server when its time is over', async () => {
    const sql =
      'SELECT count(*) AS timed_query FROM sales a, sales b, sales c WHERE a.id + b.id <> c.id';
    const startedMs = performance.now();
    const failure = await failureOf(runs.runAlone(sql, { connection, limits: { timeMs: 1_000 } }));
    expect(failure.code).toBe('time_limit');
    expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
    await expect.poll(() => isRunning('timed_query')).toBe(false);
  });

  test('the editor is told the tables with their columns', async () => {
    const [table] = await runs.describe(connection);
    expect(table?.name).toBe('sales');
    expect(table?.columns[2]).toEqual({ name: 'price', type: 'decimal(10,2)' });
  });

  test('a connection that fails says why, without its password', async () => {
    await runs.test(connection);
    const keeper = { ...connection, username: 'keeper' };
    await runs.test({ ...keeper, password: 'known-to-nobody' });
    for (const wrong of [
      { ...keeper, password: 'known-to-somebody' },
      keeper,
      { ...connection, username: 'keeper', password: 'known-to-nobody', database: 'none' },
      { ...connection, port: 1 },
    ]) {
      const { code, message } = await failureOf(runs.test(wrong));
      expect(code).toBe('connection_failed');
      expect(message).not.toBe('');
      expect(message).not.toContain('known-to');
    }
  });

  async function isRunning(name: string): Promise<boolean> {
    const [rows] = await run(
      `SELECT id FROM information_schema.processlist WHERE info LIKE '%${name}%' AND id <> connection_id()`,
    );
    return (rows as unknown[]).length > 0;
  }
});
