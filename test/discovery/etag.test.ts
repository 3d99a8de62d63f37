import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows, type RowWriter } from '../../src/inventory/row-writer.ts';
import { createServer } from '../../src/server.ts';
import { exchange, listen } from '../support/connection.ts';
import { rounds } from '../support/rounds.ts';
import { putRows, reportRow } from '../support/rows.ts';
import {
  makeBearer,
  makeOrganization,
  openWorkplace,
  type Workplace,
} from '../support/workplace.ts';

let organizations = 0;

async function openAcme(count: number, workplace?: Workplace) {
  const { database, send, ...rest } = workplace ?? (await openWorkplace());
  const acme = await makeOrganization(database, workplace ? `acme${++organizations}` : 'acme');
  const rows = Array.from({ length: count }, (_, index) => reportRow(index + 1));
  const slots = await putRows(database, acme, lists.reports, rows);
  const bearer = await makeBearer(database, acme);
  const ask = (query: string, headers: Record<string, string> = {}, authorization = bearer) =>
    send({
      url: `/batch/${acme.username}/reports?${query}`,
      headers: { authorization, ...headers },
    });
  const etagOf = async (query: string) => String((await ask(query)).headers.etag);
  const write = (work: (writer: RowWriter) => Promise<void>) =>
    database.transaction((store) => changeRows(store, acme.id, work));
  const rename = (slot: number, name: string) =>
    write(async (writer) => {
      const [row] = await findRows(database, acme.id, lists.reports, 'slot', [slot]);
      if (row === undefined) return;
      const body = toBytes(toRow(lists.reports, { ...JSON.parse(String(row.body)), name }));
      await writer.update(lists.reports, [{ ...row, body }]);
    });
  return { ...rest, database, send, acme, slots, bearer, ask, etagOf, write, rename };
}

describe('an ETag', () => {
  test('is strong, and answered 304 without a body, by GET and HEAD', async () => {
    const { ask, send, bearer } = await openAcme(3);
    const first = await ask('');
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await ask('', { 'if-none-match': given });
      expect(again.statusCode, given).toBe(304);
      expect(again.body).toBe('');
      expect(again.headers).toMatchObject({
        etag,
        'cache-control': 'private, no-cache',
        vary: 'Accept, Accept-Encoding',
      });
    }
    const head = await send({
      method: 'HEAD',
      url: '/batch/acme/reports',
      headers: { authorization: bearer, 'if-none-match': etag },
    });
    expect(head.statusCode).toBe(304);
    expect((await ask('', { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  test('ends a 304 with its head, for clients that believe Content-Length even there', async () => {
    const { ask, server, bearer } = await openAcme(3);
    const etag = String((await ask('')).headers.etag);
    const answer = await exchange(
      await listen(server),
      `GET /batch/acme/reports HTTP/1.1\r\nHost: x\r\nAuthorization: ${bearer}\r\nIf-None-Match: ${etag}\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 304 /);
    expect(answer).not.toMatch(/^(content-length|content-type|transfer-encoding):/im);
  });

  test('is the same for every token that sees the same rows, and on every server', async () => {
    const { database, acme, config, ask, bearer, etagOf } = await openAcme(3);
    const other = await ask('', {}, await makeBearer(database, acme));
    expect(other.headers.etag).toBe(await etagOf(''));
    const second = await createServer(config, database);
    const there = await second.inject({
      url: '/batch/acme/reports',
      headers: { authorization: bearer },
    });
    expect(there.headers.etag).toBe(other.headers.etag);
    await second.close();
  });

  test('does not say that somebody else’s page is known: the credential is judged first', async () => {
    const { ask, etagOf } = await openAcme(3);
    const refused = await ask('', { 'if-none-match': await etagOf('') }, 'Bearer bm8=');
    expect(refused.statusCode).toBe(401);
  });

  test('changes only on the page that shows what changed, while the total stays', async () => {
    const { slots, rename, etagOf } = await openAcme(100);
    const pages = Array.from({ length: 10 }, (_, index) => `per_page=10&page=${index + 1}`);
    const before = await Promise.all(pages.map(etagOf));
    await rename(slots[34] as number, 'Renamed');
    const after = await Promise.all(pages.map(etagOf));
    expect(after.map((etag, index) => etag !== before[index])).toEqual(
      pages.map((_, index) => index === 3),
    );
  });

  test('differs by page, page size, view and list', async () => {
    const { ask } = await openAcme(20);
    const queries = ['', 'page=2', 'per_page=5', 'per_page=5&page=2', 'include_spaces=all'];
    const etags = await Promise.all(queries.map(async (query) => (await ask(query)).headers.etag));
    expect(new Set(etags).size).toBe(queries.length);
  });

  test('is never stale: equal ETags mean equal bytes, after any writes', async () => {
    const workplace = await openWorkplace();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('rename', 'remove', 'insert', 'personal'), fc.nat(40)), {
          minLength: 1,
          maxLength: 15,
        }),
        async (steps) => {
          const { ask, slots, write, rename } = await openAcme(30, workplace);
          const bodies = new Map<string, string>();
          let made = 1000;
          for (const [what, which] of steps) {
            const slot = slots[which % slots.length] as number;
            if (what === 'rename') await rename(slot, `Name ${which}`);
            if (what === 'remove') await write((writer) => writer.remove(lists.reports, [slot], 0));
            if (what === 'insert') {
              const row = toRow(lists.reports, reportRow(++made));
              const given = {
                id: made,
                token: String(row.token),
                parent: null,
                personal: false,
                sourceId: null,
              };
              await write(
                async (writer) =>
                  void (await writer.insert(lists.reports, [{ ...given, body: toBytes(row) }])),
              );
            }
            for (const query of [
              'per_page=7',
              'per_page=7&page=3',
              'per_page=7&include_spaces=all',
            ]) {
              const fresh = await ask(query);
              const etag = String(fresh.headers.etag);
              expect(bodies.get(etag) ?? fresh.body).toBe(fresh.body);
              bodies.set(etag, fresh.body);
              const known = await ask(query, { 'if-none-match': etag });
              expect(known.statusCode).toBe(304);
            }
          }
        },
      ),
      { numRuns: rounds({ usual: 25, full: 200 }) },
    );
  }, 300_000);
});

describe('an encoding', () => {
  const decoders = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync };

  test.for(Object.entries(decoders))(
    '%s is sent where it is accepted, with an ETag of its own',
    async ([encoding, decode]) => {
      const { ask } = await openAcme(50);
      const plain = await ask('');
      const encoded = await ask('', { 'accept-encoding': encoding });
      expect(encoded.headers).toMatchObject({
        'content-encoding': encoding,
        etag: String(plain.headers.etag).replace(/"$/, `-${encoding}"`),
        'content-length': String(encoded.rawPayload.length),
        vary: 'Accept, Accept-Encoding',
      });
      expect(decode(encoded.rawPayload).toString()).toBe(plain.body);
      const again = await ask('', {
        'accept-encoding': encoding,
        'if-none-match': String(encoded.headers.etag),
      });
      expect(again.statusCode).toBe(304);
      expect((await ask('', { 'if-none-match': String(encoded.headers.etag) })).statusCode).toBe(
        200,
      );
    },
  );

  test.for([
    ['gzip, deflate, br, zstd', 'zstd'],
    ['gzip, deflate', 'gzip'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['*', 'zstd'],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['identity;q=0.5, gzip;q=0.2', undefined],
    ['deflate', undefined],
    ['gzip;q=zero', undefined],
    ['', undefined],
  ] as const)('for Accept-Encoding %j is %s', async ([header, encoding]) => {
    const { ask } = await openAcme(2);
    expect((await ask('', { 'accept-encoding': header })).headers['content-encoding']).toBe(
      encoding,
    );
  });
});
