import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkServer, checkStrayStore } from '../../src/cli/doctor/check-place.ts';
import { systemClock } from '../../src/clock.ts';
import type { Config } from '../../src/config.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { createServer } from '../../src/server.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { readDocument } from '../support/documents.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

test('a server is ready while its database answers, and lives without it', async () => {
  const { config } = await openWorkplace();
  const proxy = await startTcpProxy((await newDatabaseUrl()) as string);
  const database = openPostgres(proxy.url, { connectMs: 300, waitMs: 300, answerMs: 300 });
  const server = await createServer(config, database);
  onTestFinished(async () => {
    await server.close();
    await database.close();
  });
  const ask = async (url: string) => {
    const response = await server.inject({ url });
    return { status: response.statusCode, message: response.json().message };
  };
  expect(await ask('/readyz')).toEqual({
    status: 503,
    message: expect.stringContaining('lacks migrations: 001-inventory'),
  });
  await database.migrate();
  expect((await ask('/readyz')).status).toBe(200);
  proxy.block();
  expect(await ask('/readyz')).toEqual({
    status: 503,
    message: 'The database does not respond.',
  });
  expect((await ask('/healthz')).status).toBe(200);
  proxy.unblock();
  expect((await ask('/readyz')).status).toBe(200);
});

test('the statement that follows a restore gives every organization an epoch of its own', async () => {
  const { database } = await openWorkplace();
  for (const username of ['acme', 'other']) await makeOrganization(database, username);
  const epochs = async () => {
    const rows = await database.all<{ epoch: string }>('select epoch from organizations');
    return rows.map(({ epoch }) => epoch);
  };
  const before = await epochs();
  const [, statement = ''] = /-c "(update .*)"/.exec(readDocument('docs/operating.md')) ?? [];
  await database.run(statement);
  expect(new Set([...before, ...(await epochs())]).size).toBe(4);
});

test('the doctor sees how the server of a database is, and a store that nobody uses', async () => {
  const { config, database, time } = await openWorkplace();
  await database.get('select 1');
  const checks = async (config: Config, clock = systemClock) => {
    const findings = [...checkStrayStore(config), ...(await checkServer(config, database, clock))];
    return Object.fromEntries(findings.map(({ check, result }) => [check, result]));
  };
  expect(await checks(config)).toEqual({ clocks: 'ok', connections: 'ok' });
  writeFileSync(join(config.dataDir, 'rollcall.sqlite'), 'a store');
  const crowded = { ...config, databaseConnections: 1000 };
  expect(await checks(crowded, () => time.nowMs)).toEqual({
    'stray store': 'warning',
    clocks: 'problem',
    connections: 'warning',
  });
});
