import { mkdtempSync, rmdirSync } from 'node:fs';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { createServer } from '../../src/server.ts';
import type { StorageFault } from '../../src/storage-fault.ts';
import { testWith } from '../support/machine-tools.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { startPostgres } from '../support/start-postgres.ts';
import { makeBasic, makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

const NOBODY = 65_534;

/** A PostgreSQL of its own, an administrator of it, and a server whose store is there. */
async function openOnPostgres(prepare: (admin: pg.Client) => Promise<void>) {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.stop());
  const admin = new pg.Client(postgres.url);
  await admin.connect();
  onTestFinished(() => admin.end());
  await prepare(admin);
  const config = readConfig({
    environment: { ROLLCALL_DATABASE_URL: postgres.url },
    flags: { logLevel: 'silent', runsAtOnce: '0' },
    directory: temporaryFolder(),
  });
  const database = openPostgres(postgres.url);
  await database.migrate();
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  const server = await createServer(config, database, outside);
  onTestFinished(async () => {
    await server.close();
    await database.close();
  });
  const acme = await makeOrganization(database);
  const rows = Array.from({ length: 30 }, (_, index) => reportRow(index + 1));
  await putRows(database, acme, lists.reports, rows);
  const bearer = await makeBearer(database, acme);
  const basic = await makeBasic(database, acme);
  const ask = (url: string, authorization = bearer) =>
    server.inject({ url, headers: { authorization } });
  const write = (number = 0) =>
    server.inject({
      method: 'POST',
      url: '/api/acme/reports',
      headers: { authorization: basic },
      payload: { report: { name: `Report ${number}`, description: 'x'.repeat(2_000) } },
    });
  const ready = async () => (await ask('/readyz')).json();
  /** Reads page after page; the first is what a crawl begins with, and is to be noted. */
  const crawl = async () => {
    const tokens = new Set<string>();
    for (let page = 1; ; page++) {
      const answer = await ask(`/batch/acme/reports?per_page=10&page=${page}`);
      expect(answer.statusCode, answer.body).toBe(200);
      const { reports } = answer.json<{ reports: { token: string }[] }>();
      if (reports.length === 0) return tokens.size;
      for (const { token } of reports) tokens.add(token);
    }
  };
  /** What is to be seen while the store takes no write. */
  const expectFault = async (fault: StorageFault) => {
    let refused = await write();
    // Connections that were ended are another matter.
    for (let number = 1; refused.headers['retry-after'] !== '30' && number < 2_000; number++)
      refused = await write(number);
    expect([refused.statusCode, refused.headers['retry-after']], refused.body).toEqual([503, '30']);
    expect(await ready()).toMatchObject({ status: 'degraded', faults: [{ id: fault }] });
    expect(await crawl()).toBeGreaterThanOrEqual(30);
    expect((await ask('/api/acme/reports', basic)).statusCode).toBe(200);
  };
  return { admin, ask, write, ready, crawl, expectFault };
}

test('a PostgreSQL that takes no writes is read', async () => {
  const { admin, write, ready, expectFault } = await openOnPostgres(async () => undefined);
  await admin.query('set default_transaction_read_only = off');
  const setReadOnly = async (value: 'on' | 'off') => {
    await admin.query(`alter database postgres set default_transaction_read_only = ${value}`);
    await admin.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    );
  };
  await setReadOnly('on');
  await expectFault('read_only');
  await setReadOnly('off');
  await expect.poll(ready).toEqual({ status: 'ok' });
  expect((await write()).statusCode).toBe(201);
});

testWith('mount')('a PostgreSQL whose disk is full is read', async () => {
  const path = mkdtempSync('/tmp/rollcall-disk-');
  onTestFinished(() => rmdirSync(path));
  const disk = mountSmallDisk(8, { path, owner: NOBODY });
  const { write, ready, expectFault } = await openOnPostgres(async (admin) => {
    await admin.query(`create tablespace small location '${path}'`);
    await admin.query('alter database postgres set default_tablespace = small');
  });
  disk.fill();
  await expectFault('disk_full');
  disk.free();
  await expect.poll(ready).toEqual({ status: 'ok' });
  expect((await write()).statusCode).toBe(201);
});
