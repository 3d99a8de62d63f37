import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { openPostgres, type PostgresOptions } from '../../src/database/postgres.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { createServer } from '../../src/server.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { startPostgres } from '../support/start-postgres.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { makeBasic, makeBearer, makeOrganization, temporaryFolder } from '../support/workplace.ts';

/** A server on a database, with two reports and somebody who may read and write. */
async function openServer(url: string, options?: PostgresOptions) {
  const config = readConfig({
    environment: { ROLLCALL_DATABASE_URL: url },
    flags: { logLevel: 'silent', metricsToken: 'token-of-the-metrics' },
    directory: temporaryFolder(),
  });
  const database = openPostgres(url, options);
  await database.migrate();
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  const server = await createServer(config, database, outside);
  onTestFinished(async () => {
    await server.close();
    await database.close();
  });
  const acme = await makeOrganization(database);
  await putRows(database, acme, lists.reports, [reportRow(1), reportRow(2)]);
  const bearer = await makeBearer(database, acme);
  const basic = await makeBasic(database, acme);
  const scrape = async () => {
    const headers = { authorization: 'Bearer token-of-the-metrics' };
    return (await server.inject({ url: '/metrics', headers })).body;
  };
  return {
    scrape,
    read: () => send(server, 'GET', '/batch/acme/reports', bearer),
    write: () => send(server, 'POST', '/batch/acme/signature_tokens', basic),
  };
}

async function send(
  server: FastifyInstance,
  method: 'GET' | 'POST',
  url: string,
  authorization: string,
) {
  const payload = {
    signature_token: {
      name: 'catalog',
      expires_at: '9999-01-01T00:00Z',
      auth_scope: { authentication_for: 'batch-api', authorization_type: 'read-only' },
    },
  };
  const response = await server.inject({
    method,
    url,
    headers: { authorization },
    ...(method === 'POST' ? { payload } : {}),
  });
  const { statusCode: status, headers } = response;
  if (status !== 200) {
    expect({ status, retryAfter: headers['retry-after'], id: response.json().id }).toEqual({
      status: 503,
      retryAfter: '5',
      id: 'busy',
    });
  }
  return { status, body: response.json() };
}

test('a database that crashes in the middle of requests is a 503 until it is back, without a restart', async () => {
  const postgres = await startPostgres();
  onTestFinished(postgres.stop);
  const { read, write } = await openServer(postgres.url);
  const before = await read();
  expect(before.status).toBe(200);

  for (let crashes = 0; crashes < 3; crashes++) {
    let isOver = false;
    const statuses = new Set<number>();
    const asking = Array.from({ length: 8 }, async (_, number) => {
      while (!isOver) statuses.add((await (number % 2 ? read() : write())).status);
    });
    await sleep(50);
    await postgres.crash();
    await sleep(50);
    isOver = true;
    await Promise.all(asking);
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect((await read()).status).toBe(200);
    expect((await write()).status).toBe(200);
  }
  expect((await read()).body).toEqual(before.body);
});

test('a database that is silent is a 503 in time, and is used again once it speaks', async () => {
  const proxy = await startTcpProxy((await newDatabaseUrl()) as string);
  const limits = { connectMs: 1_000, waitMs: 1_000, answerMs: 1_000 };
  const { read, write, scrape } = await openServer(proxy.url, limits);
  expect(await scrape()).toMatch(/^rollcall_store_up 1$/m);
  proxy.block();
  const startedMs = performance.now();
  const answers = await Promise.all([...Array(12)].flatMap(() => [read(), write()]));
  expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  const metrics = await scrape();
  expect(metrics).toMatch(/^rollcall_store_up 0$/m);
  expect(metrics).toMatch(/^rollcall_store_errors_total\{cause="unavailable"\} \d+$/m);
  expect(metrics).toMatch(/^rollcall_store_connections\{state="in_use"\} \d+$/m);
  expect(metrics).not.toMatch(/^rollcall_runs\{/m);
  proxy.unblock();
  await expect.poll(async () => (await read()).status).toBe(200);
  expect((await write()).status).toBe(200);
});
