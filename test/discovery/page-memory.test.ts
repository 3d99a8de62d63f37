import { readFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { PageBuffers } from '../../src/discovery/page-buffers.ts';
import { PageCache } from '../../src/discovery/page-cache.ts';
import { lists } from '../../src/inventory/lists.ts';
import { listen } from '../support/connection.ts';
import { rounds } from '../support/rounds.ts';
import { putRows } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const file = (name: string) => fileURLToPath(new URL(`../data/tls/${name}`, import.meta.url));

test('a buffer is used again once it was given back, and not before', () => {
  const buffers = new PageBuffers();
  const first = buffers.take(1000);
  const second = buffers.take(1000);
  expect(second.buffer).not.toBe(first.buffer);
  buffers.release(first.subarray(3, 700));
  const third = buffers.take(500_000);
  expect(third.length).toBeGreaterThanOrEqual(500_000);
  expect(third.buffer).not.toBe(first.buffer);
  expect(buffers.take(10).buffer).toBe(first.buffer);
});

test('so many bytes are kept free, and no more', () => {
  const buffers = new PageBuffers({ maxFreeBytes: 3_000_000 });
  const taken = [1, 2, 3, 4].map(() => buffers.take(1_000_000));
  for (const buffer of taken) buffers.release(buffer);
  const free = new Set(taken.map(({ buffer }) => buffer));
  const again = [1, 2, 3, 4].map(() => buffers.take(1_000_000));
  expect(again.filter(({ buffer }) => free.has(buffer))).toHaveLength(2);
});

test('a page is worth keeping when it is asked for again, soon enough that it would still be there', () => {
  const cache = new PageCache(1000);
  expect(cache.isWorthKeeping('"a"', 400)).toBe(false);
  expect(cache.isWorthKeeping('"b"', 400)).toBe(false);
  expect(cache.isWorthKeeping('"a"', 400)).toBe(true);
  for (let crawl = 0; crawl < 3; crawl++) {
    for (let page = 0; page < 10; page++) {
      expect(cache.isWorthKeeping(`"${page}"`, 300)).toBe(false);
    }
  }
  expect(cache.isWorthKeeping('"too long"', 1001)).toBe(false);
  expect(cache.isWorthKeeping('"too long"', 1001)).toBe(false);
});

test('of a crawl that is longer than the cache, what there is room for is not encoded again', async () => {
  const cache = new PageCache(1000);
  const crawl = async (name: string) => {
    let found = 0;
    for (let page = 0; page < 14; page++) {
      const etag = `"${name} ${page}"`;
      if (cache.get(etag)) found++;
      else await cache.encoded(etag, 'identity', Buffer.alloc(100));
    }
    return found;
  };
  expect(await crawl('old')).toBe(0);
  expect(await crawl('old')).toBe(10);
  expect(await crawl('old')).toBe(10);
  // What nobody asks for any more makes room, in time.
  for (let time = 0; time < 6; time++) await crawl('new');
  expect(await crawl('new')).toBe(10);
});

/**
 * Two organizations whose pages are made in the same memory: clients that hang up half way, clients that read slowly,
 * plain and gzip, pages of all sizes. Every whole answer must be, byte for byte, what it is for the one who asks.
 */
test.for(['http', 'https'] as const)(
  'no byte of one organization reaches another, by %s',
  { timeout: 120_000 },
  async (protocol) => {
    const { database, server } = await openWorkplace(
      protocol === 'https'
        ? { tlsCert: file('certificate.pem'), tlsKey: file('key.pem'), cacheMegabytes: '1' }
        : { cacheMegabytes: '1' },
    );
    const callers = await Promise.all(
      ['acme', 'globex'].map(async (username) => {
        const organization = await makeOrganization(database, username);
        // More than the system takes over at once, so that answers are sent bit by bit.
        const ofAll = { raw_query: username.repeat(4_000), report_id: 1, report_token: 'report' };
        const rows = Array.from({ length: 400 }, (_, index) => ({
          id: index + 1,
          token: `query ${index}`,
          ...ofAll,
        }));
        await putRows(database, organization, lists.queries, rows);
        return { username, bearer: await makeBearer(database, organization) };
      }),
    );
    const pathOf = (username: string, perPage: number, page: number) =>
      `/batch/${username}/queries?per_page=${perPage}&page=${page}`;
    const sizes = [400, 399, 300, 20, 1];
    const expected = new Map<string, Buffer>();
    for (const { username, bearer } of callers) {
      for (const perPage of sizes) {
        const url = pathOf(username, perPage, 1);
        const answer = await server.inject({ url, headers: { authorization: bearer } });
        expected.set(url, answer.rawPayload);
      }
    }
    const port = await listen(server);
    const agent = new (protocol === 'https' ? HttpsAgent : HttpAgent)({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const send = protocol === 'https' ? httpsRequest : httpRequest;
    const options = { port, agent, ca: readFileSync(file('certificate.pem')), host: 'localhost' };

    const ask = (number: number): Promise<void> => {
      const { username, bearer } = callers[number % 2] as (typeof callers)[number];
      const path = pathOf(username, sizes[number % sizes.length] as number, 1);
      const isGzip = number % 11 === 0;
      const headers: RequestOptions['headers'] = { authorization: bearer };
      if (isGzip) headers['accept-encoding'] = 'gzip';
      return new Promise((resolve, reject) => {
        const request = send({ ...options, path, headers }, (response) => {
          if (number % 7 === 0) {
            request.on('error', () => undefined);
            response.on('error', () => undefined).once('data', () => request.destroy());
            response.on('close', resolve);
            return;
          }
          if (number % 3 === 0) {
            response.pause();
            setTimeout(() => response.resume(), 20);
          }
          response.toArray().then((chunks) => {
            const body = Buffer.concat(chunks);
            const page = expected.get(path) as Buffer;
            expect((isGzip ? gunzipSync(body) : body).equals(page), path).toBe(true);
            resolve();
          }, reject);
        });
        request.on('error', number % 7 === 0 ? () => resolve() : reject).end();
      });
    };
    let next = 0;
    const requests = rounds({ usual: 80, full: 400 });
    const client = async () => {
      while (next < requests) await ask(next++);
    };
    await Promise.all(Array.from({ length: 16 }, client));
  },
);
