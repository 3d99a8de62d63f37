import { get } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { listen } from '../support/connection.ts';
import { putRows } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const ROWS = 24;
const MEGABYTE = 1_000_000;

/** Queries of a megabyte each: a page of all of them is not made as a whole. */
async function openLongList() {
  const { database, server, send } = await openWorkplace();
  const acme = await makeOrganization(database);
  const rows = Array.from({ length: ROWS }, (_, index) => ({
    ...{ id: index + 1, token: `query ${index}`, report_id: 1, report_token: 'report' },
    raw_query: `${index}`.padEnd(MEGABYTE, 'x'),
  }));
  await putRows(database, acme, lists.queries, rows);
  const authorization = await makeBearer(database, acme);
  const url = '/batch/acme/queries';
  const ask = (headers: Record<string, string> = {}) =>
    send({ method: 'GET', url, headers: { authorization, ...headers } });
  return { ask, server, url, authorization, rows };
}

test('a page of many megabytes, sent in pieces, has its length and its tag, and is not sent again', async () => {
  const { ask, server, url, authorization, rows } = await openLongList();
  const { statusCode, headers, body } = await ask();
  expect(statusCode).toBe(200);
  const page = JSON.parse(body);
  expect(page.pagination).toMatchObject({ page: 1, count: ROWS, total_count: ROWS });
  const texts = (sent: { raw_query: string }[]) => sent.map(({ raw_query: text }) => text);
  expect(texts(page.queries)).toEqual(texts(rows));
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
  const again = await ask({ 'if-none-match': String(headers.etag) });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  const compressed = await ask({ 'accept-encoding': 'gzip' });
  expect(compressed.headers['content-encoding']).toBe('gzip');
  expect(compressed.headers.etag).not.toBe(headers.etag);
  expect(gunzipSync(compressed.rawPayload).toString() === body).toBe(true);
  const head = await server.inject({ method: 'HEAD', url, headers: { authorization } });
  expect(head.headers['content-length']).toBe(headers['content-length']);
});

test('a page of many megabytes was in memory as a whole for each client that did not read it', async () => {
  const { server, url, authorization } = await openLongList();
  const port = await listen(server);
  const before = process.memoryUsage().arrayBuffers;
  const clients = await Promise.all(
    Array.from(
      { length: 10 },
      () =>
        new Promise<{ statusCode?: number | undefined }>((resolve, reject) => {
          const request = get({ port, path: url, headers: { authorization } }, (response) => {
            response.pause();
            resolve(response);
          });
          request.on('error', reject);
          onTestFinished(() => void request.destroy());
        }),
    ),
  );
  expect(clients.map(({ statusCode }) => statusCode)).toEqual(Array(10).fill(200));
  const taken = process.memoryUsage().arrayBuffers - before;
  expect(taken).toBeLessThan((clients.length / 2) * ROWS * MEGABYTE);
});
