import { expect, onTestFinished, test } from 'vitest';
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
