import { describe, expect, test } from 'vitest';
import { asksFor } from '../../src/http/accept.ts';
import { chooseEncoding } from '../../src/http/content-encoding.ts';
import { exchange, listen, readAnswer } from '../support/connection.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const HSTS = /^strict-transport-security: max-age=31536000$/im;

describe('where people come by https, every answer says so', () => {
  test.each([
    ['a page of the web', 'GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html', 200],
    ['the reference', 'GET /docs HTTP/1.1\r\nHost: a', 200],
    ['a redirection', 'GET /docs/ HTTP/1.1\r\nHost: a', 200],
    ['health', 'GET /healthz HTTP/1.1\r\nHost: a', 200],
    ['the OpenAPI document', 'GET /openapi.json HTTP/1.1\r\nHost: a', 200],
    ['OPTIONS', 'OPTIONS /api/acme HTTP/1.1\r\nHost: a', 204],
    ['what needs a credential', 'GET /batch/acme/reports HTTP/1.1\r\nHost: a', 401],
    ['what is not there', 'GET /nothing HTTP/1.1\r\nHost: a', 404],
    ['another method', 'DELETE /healthz HTTP/1.1\r\nHost: a', 405],
    ['a path that is none', 'GET /%E0%A4 HTTP/1.1\r\nHost: a', 400],
    ['no Host', 'GET /healthz HTTP/1.1\r\nX: a', 400],
    ['an expectation', 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: more', 200],
    ['what is no request', 'nonsense', 400],
    ['a header that is too long', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}`, 431],
  ])('%s', async (_, head, status) => {
    const { server } = await openWorkplace({ publicUrl: 'https://reports.example.com' });
    const text = await exchange(await listen(server), `${head}\r\nConnection: close\r\n\r\n`);
    const answer = readAnswer(text);
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatch(HSTS);
    expect(answer.headers).toMatch(/^content-security-policy: default-src 'none'/im);
    expect(answer.headers).toMatch(/^x-content-type-options: nosniff$/im);
    expect(answer.headers.match(/^content-security-policy:/gim)).toHaveLength(1);
  });

  test('one that comes ahead of the framework, whole, unchanged and as lines', async () => {
    const { database, send } = await openWorkplace({
      publicUrl: 'https://a.example',
    });
    const acme = await makeOrganization(database);
    const authorization = await makeBearer(database, acme);
    const url = '/batch/acme/reports';
    const page = await send({ url, headers: { authorization } });
    const etag = String(page.headers.etag);
    const unchanged = await send({ url, headers: { authorization, 'if-none-match': etag } });
    expect([page.statusCode, unchanged.statusCode]).toEqual([200, 304]);
    const lines = await send({ url, headers: { authorization, accept: 'application/x-ndjson' } });
    for (const { headers } of [page, unchanged, lines])
      expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

test.each([{}, { publicUrl: 'http://reports.example.com' }])('with %j none does', async (flags) => {
  const { send } = await openWorkplace(flags);
  for (const url of ['/healthz', '/batch/acme/reports', '/nothing'])
    expect((await send({ url })).headers).not.toHaveProperty('strict-transport-security');
});

const LINES = 'application/x-ndjson';

test.each([
  [undefined, false],
  ['', false],
  ['*/*', false],
  [LINES, true],
  ['Application/X-NDJSON; Q=0.5', true],
  [`${LINES};q=0`, false],
  [`${LINES}; q=0.000`, false],
  [`${LINES};q=0, */*`, false],
  [`${LINES};q=nonsense`, false],
  [`${LINES}, application/json`, true],
  [`${LINES};q=0.5, application/json`, false],
  [`${LINES};q=0.5, application/json;q=0.4`, true],
  [`${LINES}, */*;q=0.1`, true],
  [`${LINES};q=0.2, application/*;q=0.3`, false],
  [`${LINES}x`, false],
  [`text/plain;x=${LINES}`, false],
])('Accept %j asks for lines: %s', (accept, asks) => {
  expect(asksFor(accept, LINES)).toBe(asks);
});

test.each([
  ['gzip;q=0', 'identity'],
  ['zstd;q=0, br;q=0.0, gzip', 'gzip'],
  ['*, zstd;q=0, br;q=0', 'gzip'],
  ['*;q=0', 'identity'],
  ['x-gzip;q=0, *;q=0', 'identity'],
  ['gzip;q=0.5, identity;q=0', 'gzip'],
  ['gzip;q=nonsense', 'identity'],
])('Accept-Encoding %j gets %s', (header, encoding) => {
  expect(chooseEncoding(header)).toBe(encoding);
});

test('a list, a page of the web and a roll call whose type has a quality of 0 came all the same', async () => {
  const { database, send } = await openWorkplace();
  const acme = await makeOrganization(database);
  const authorization = await makeBearer(database, acme);
  const typeOf = async (url: string, accept: string) =>
    String((await send({ url, headers: { authorization, accept } })).headers['content-type']);
  const list = '/batch/acme/reports';
  expect(await typeOf(list, `${LINES};q=0`)).toContain('application/json');
  expect(await typeOf(list, `${LINES};q=0.1`)).toContain(LINES);
  expect(await typeOf('/nothing', 'text/html;q=0, application/json')).toContain('application/json');
});
