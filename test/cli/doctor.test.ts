import { once } from 'node:events';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { systemClock, wireTime } from '../../src/clock.ts';
import { readMigrations } from '../../src/database/migrations.ts';
import { lists } from '../../src/inventory/lists.ts';
import { openListening } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import {
  makeBearer,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

type Finding = { check: string; result: string; message: string; hint: string | null };

async function examine(dataDir: string, env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runRollcall(['doctor', '--json'], {
    dataDir,
    env: { ROLLCALL_PORT: '0', ...env },
  });
  expect(stderr).toBe('');
  const findings: Finding[] = JSON.parse(stdout);
  return {
    code,
    findings,
    of: (check: string) => findings.find((finding) => finding.check === check),
  };
}

test('all is well: one line for each check, and exit code 0', async () => {
  const { config, database } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  await putRows(database, acme, lists.reports, [reportRow(1), reportRow(2)]);
  const { code, stdout, stderr } = await runRollcall(['doctor', '--port', '0'], config);
  expect(stdout).toMatch(
    new RegExp(
      [
        /^ok {6}node: Node 24\.\d+\.\d+\./,
        /ok {6}port: Any free port on 127\.0\.0\.1 will be used\./,
        /ok {6}public URL: None is set; only this machine reaches the server\./,
        /ok {6}data folder: \/.* is private to its owner\./,
        /ok {6}disk space: [\d,]+ MiB free for \/.*\./,
        /ok {6}store: The store is intact\./,
        /ok {6}schema: The schema is up to date\./,
        /ok {6}secret key: There is none, and no password needs one\./,
        /ok {6}files folder: Data sources read files in \/.*\./,
        /ok {6}lists of acme: All rows are consistent: 2 reports, 0 report_stats, 0 spaces, 0 queries, 0 charts, 0 members\./,
        /ok {6}tokens of acme: None has expired or expires within 14 days\.\n$/,
      ]
        .map(({ source }) => source)
        .join('\\n'),
    ),
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

describe('the data folder', () => {
  test('is not made where it is missing', async () => {
    const dataDir = join(temporaryFolder(), 'missing');
    const { code, findings, of } = await examine(dataDir);
    expect(of('data folder')).toMatchObject({
      result: 'problem',
      message: `There is no folder ${dataDir}.`,
    });
    expect(findings.map(({ check }) => check)).toEqual([
      'node',
      'port',
      'public URL',
      'data folder',
    ]);
    expect(existsSync(dataDir)).toBe(false);
    expect(code).toBe(1);
  });

  test('without a store stays without one', async () => {
    const dataDir = temporaryFolder();
    const { code, of } = await examine(dataDir);
    expect(of('store')).toMatchObject({
      result: 'problem',
      message: `There is no store in ${dataDir}.`,
    });
    expect(existsSync(join(dataDir, 'rollcall.sqlite'))).toBe(false);
    expect(code).toBe(1);
  });

  test('must be closed to others, and the demo credentials too; neither is changed', async () => {
    const { config } = await openOwnWorkplace();
    const demo = join(config.dataDir, 'demo.json');
    writeFileSync(demo, '{}', { mode: 0o600 });
    expect((await examine(config.dataDir)).of('demo credentials')).toMatchObject({ result: 'ok' });
    chmodSync(demo, 0o640);
    chmodSync(config.dataDir, 0o755);
    const { code, of } = await examine(config.dataDir);
    expect(of('data folder')).toMatchObject({
      result: 'problem',
      hint: `Run: chmod 700 ${config.dataDir}`,
    });
    expect(of('demo credentials')).toMatchObject({
      result: 'problem',
      hint: `Run: chmod 600 ${demo}`,
    });
    expect(code).toBe(1);
    expect(statSync(config.dataDir).mode & 0o777).toBe(0o755);
  });
});

describe('the port', () => {
  test('may be free, a Rollcall’s or another program’s', async () => {
    const dataDir = join(temporaryFolder(), 'missing');
    const rollcall = await openListening();
    const { port: ours } = new URL(rollcall.url);
    expect((await examine(dataDir, { ROLLCALL_PORT: ours })).of('port')).toMatchObject({
      result: 'ok',
      message: `Rollcall is running at ${rollcall.url}.`,
    });

    // It takes the request and never answers.
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    expect((await examine(dataDir, { ROLLCALL_PORT: String(port) })).of('port')).toMatchObject({
      result: 'problem',
      message: `Port ${port} on 127.0.0.1 is in use by another program.`,
    });
    silent.closeAllConnections();
    silent.close();
    await once(silent, 'close');
    expect((await examine(dataDir, { ROLLCALL_PORT: String(port) })).of('port')).toMatchObject({
      result: 'ok',
      message: `Port ${port} on 127.0.0.1 is free.`,
    });
  });

  test('of an address that is not this machine’s is a problem', async () => {
    const dataDir = join(temporaryFolder(), 'missing');
    const env = { ROLLCALL_HOST: '192.0.2.1', ROLLCALL_PORT: '4146' };
    expect((await examine(dataDir, env)).of('port')).toMatchObject({ result: 'problem' });
  });
});

describe('the store', () => {
  test('that is no store at all is said in words', async () => {
    const dataDir = temporaryFolder();
    writeFileSync(
      join(dataDir, 'rollcall.sqlite'),
      'not a database, whatever its name is'.repeat(99),
    );
    const { code, of } = await examine(dataDir);
    expect(of('store')).toMatchObject({
      result: 'problem',
      message: expect.stringContaining(
        'The store is damaged. SQLite says: file is not a database.',
      ),
      hint: 'Stop the server, keep a copy of the data folder, and restore a backup.',
    });
    expect(code).toBe(1);
  });

  test('that lacks migrations is a warning with the command that applies them', async () => {
    const dataDir = temporaryFolder();
    const [first, second] = readMigrations('sqlite');
    const store = new Sqlite(join(dataDir, 'rollcall.sqlite'));
    store.exec(String(first?.sql));
    store.pragma('user_version = 1');
    store.close();
    const { code, of } = await examine(dataDir);
    expect(of('schema')).toMatchObject({ result: 'warning', hint: 'Run: rollcall migrate' });
    expect(of('schema')?.message).toContain(second?.name);
    expect(code).toBe(0);
  });

  test('of a newer Rollcall, or in a database that does not answer, is a problem', async () => {
    const { config, database } = await openOwnWorkplace();
    await database.run("insert into rollcall_schema values (999, '9.1.0', '9.0.0', null)");
    expect((await examine(config.dataDir)).of('schema')).toMatchObject({
      result: 'problem',
      message: expect.stringContaining('the store was upgraded by 9.1.0'),
      hint: 'Install 9.1.0, or restore a backup made before the upgrade.',
    });
    const env = { ROLLCALL_DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/none' };
    const { of, findings } = await examine(config.dataDir, env);
    expect(of('store')).toMatchObject({
      result: 'problem',
      hint: 'Check ROLLCALL_DATABASE_URL, and that the database is running.',
    });
    expect(JSON.stringify(findings)).not.toContain('secret-word');
  });

  test('with rows that disagree is a problem that names some of them', async () => {
    const { config, database } = await openOwnWorkplace();
    const acme = await makeOrganization(database);
    const rows = [1, 2, 3, 4, 5].map((number) => reportRow(number, { space_token: 'gone' }));
    await putRows(database, acme, lists.reports, rows);
    const { code, of } = await examine(config.dataDir);
    const wrong = (number: number) =>
      `reports 00000000000${number}: its space_token refers to nothing in spaces`;
    expect(of('lists of acme')).toMatchObject({
      result: 'problem',
      message: `5 rows are wrong. ${wrong(1)}; ${wrong(2)}; ${wrong(3)}; and 2 more.`,
    });
    expect(code).toBe(1);
  });
});

test('access tokens that expired or expire soon are a warning', async () => {
  const { config, database } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  const inDays = (days: number) => wireTime(systemClock() + days * 24 * 3600 * 1000);
  const [past, soon, later] = [inDays(-1), inDays(13), inDays(15)];
  for (const expiresAt of [past, soon, later, null])
    await makeBearer(database, acme, { expiresAt });
  const { code, of } = await examine(config.dataDir);
  const finding = of('tokens of acme');
  expect(finding?.result).toBe('warning');
  expect(finding?.message).toContain(`"test" expired at ${past}`);
  expect(finding?.message).toContain(`"test" expires at ${soon}`);
  expect(finding?.message).not.toContain(later);
  expect(code).toBe(0);
});
