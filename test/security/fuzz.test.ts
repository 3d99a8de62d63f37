import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ErrorId, errors } from '../../src/errors.ts';
import { lists } from '../../src/inventory/lists.ts';
import { exchange, listen, readAnswer } from '../support/connection.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { rounds } from '../support/rounds.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  await putRows(workplace.database, acme, lists.reports, [reportRow(1), reportRow(2)]);
  const bearer = await makeBearer(workplace.database, acme);
  const basic = await makeBasic(workplace.database, acme);
  const port = await listen(workplace.server);

  /** Sends bytes as they are on a connection of their own, and holds the answer to what every answer must be. */
  const send = async (request: string | Buffer): Promise<number> => {
    const started = performance.now();
    const text = await exchange(port, request);
    expect(performance.now() - started).toBeLessThan(FAR_TOO_LONG_MS);
    const { status, headers, body } = readAnswer(text);
    expectAnswer(status, headers, body);
    return status;
  };
  return { ...workplace, bearer, basic, send };
}

const errorKeys = new Set(['id', 'message', 'hint']);

function expectAnswer(status: number, headers: string, body: string): void {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
  if (status < 400) return;
  expect(body).not.toMatch(/node_modules|\.ts:\d|\n\s+at |SqliteError|better-sqlite3|postgres/i);
  expect(headers.toLowerCase()).toContain('content-type: application/json');
  const error = JSON.parse(body) as Record<string, string>;
  expect(errors[error.id as ErrorId]?.status).toBe(status);
  expect(error.message).toMatch(/\.$|^[a-z ]+ not (found|recognized)$/);
  for (const key of Object.keys(error)) expect(errorKeys).toContain(key);
}

/** Latin-1 text of any bytes but those that end a line. */
const bytes = fc
  .uint8Array({ maxLength: 200 })
  .map((array) =>
    Buffer.from(array.filter((byte) => byte !== 10 && byte !== 13)).toString('latin1'),
  );

/** A head that reaches the server as these very bytes, after which the connection is closed. */
const request = (method: string, target: string, headers: Record<string, string> = {}, body = '') =>
  Buffer.from(
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('') +
      `${body === '' ? '' : `Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n`}\r\n${body}`,
    'latin1',
  );

const name = fc.constantFrom(
  ...[
    'page',
    'per_page',
    'include_spaces',
    'after',
    'format',
    'page?',
    'per%5Fpage',
    '__proto__',
    '',
  ],
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.double().map(String),
  fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
);
const value = fc.oneof(
  fc.constantFrom(
    'all',
    '',
    '1',
    '1000',
    '1001',
    'ALL',
    '%61ll',
    '%',
    '%00',
    '%ff',
    '１',
    '+5',
    '0x10',
  ),
  number,
  bytes.map((text) => encodeURIComponent(text)),
  fc.string({ unit: 'grapheme' }).map((text) => encodeURIComponent(text)),
  fc.string().map((text) => text.replace(/[^!-~]/g, '')),
);
const parameter = fc
  .tuple(name, fc.constantFrom('=', '?=', '==', ''), value)
  .map((parts) => parts.join(''));
const queryString = fc.oneof(
  { weight: 4, arbitrary: fc.array(parameter, { maxLength: 6 }).map((all) => `?${all.join('&')}`) },
  { weight: 1, arbitrary: fc.array(parameter, { maxLength: 4 }).map((all) => `?${all.join('?')}`) },
  { weight: 1, arbitrary: bytes.map((text) => `?${text.replaceAll(' ', '')}`) },
  { weight: 1, arbitrary: fc.constantFrom('?', '??', '?=&', '#?page=2', '?a#b', ';page=0') },
);
const listName = fc.constantFrom(...Object.keys(lists));
const accept = fc.constantFrom('application/json', 'application/x-ndjson');

test('any query string is a page or a 400', async () => {
  const { send, bearer } = await openAcme();
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(listName, queryString, accept, async (list, query, Accept) => {
      const target = `/batch/acme/${list}${query}`;
      const status = await send(request('GET', target, { Authorization: bearer, Accept }));
      expect([200, 400, 404]).toContain(status);
      seen.add(status);
    }),
    { numRuns: rounds({ usual: 80, full: 400 }) },
  );
  expect(seen).toContain(200);
  expect(seen).toContain(400);
});

test('any path is an error or an answer', async () => {
  const { send, bearer, basic } = await openAcme();
  const segment = fc.oneof(
    fc.constantFrom(
      '',
      '.',
      '..',
      '%2e%2e',
      '%2f',
      '%00',
      '%',
      '%ff',
      '*',
      ':organization',
      'acme',
    ),
    fc.constantFrom('batch', 'api', 'reports', 'signature_tokens', 'docs', 'openapi.json'),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => encodeURIComponent(text)),
    bytes.map((text) => text.replaceAll(' ', '')),
  );
  const path = fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join('/')}`);
  const authorization = fc.constantFrom({}, { Authorization: bearer }, { Authorization: basic });
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  await fc.assert(
    fc.asyncProperty(method, path, authorization, async (verb, target, headers) => {
      await send(request(verb, target, headers));
    }),
    { numRuns: rounds({ usual: 80, full: 400 }) },
  );
});

test('any Authorization header but a valid one is a 401', async () => {
  const { send, bearer, basic } = await openAcme();
  const base64 = fc.oneof(
    fc.base64String({ maxLength: 200 }),
    fc
      .array(bytes, { maxLength: 5 })
      .map((parts) => Buffer.from(parts.join(':'), 'latin1').toString('base64')),
    fc.constantFrom(bearer.slice(7), basic.slice(6)),
  );
  const broken = fc
    .tuple(fc.constantFrom(bearer, basic), fc.nat(), fc.nat(255))
    .map(([text, where, byte]) => {
      const at = where % text.length;
      return text.slice(0, at) + String.fromCharCode(byte) + text.slice(at + 1);
    })
    .filter((text) => !/[\r\n]/.test(text));
  const header = fc.oneof(
    bytes,
    fc
      .tuple(fc.constantFrom('Bearer', 'Basic', 'Token', ''), base64)
      .map((parts) => parts.join(' ')),
    broken,
  );
  const target = fc.constantFrom(
    '/batch/acme/reports',
    '/batch/acme/signature_tokens',
    '/api/acme/reports/x',
  );
  const same = (text: string) =>
    text.trim().replace(/^\w+ +/, (scheme) => `${scheme.trim().toLowerCase()} `);
  await fc.assert(
    fc.asyncProperty(target, header, async (path, text) => {
      const isValid = [bearer, basic].some((credential) => same(credential) === same(text));
      const status = await send(request('GET', path, { Authorization: text }));
      // A control character in a header is not HTTP, and is refused before anybody asks who calls.
      if (!isValid) expect([401, 400]).toContain(status);
      if (status === 400) expect(text).toMatch(/[^\t -~\x80-\xff]/);
    }),
    { numRuns: rounds({ usual: 80, full: 400 }) },
  );
});

test('any body is a token or a 4xx', async () => {
  const { send, basic } = await openAcme();
  const type = fc.constantFrom(
    ...[
      'application/json',
      'application/json',
      'application/json; charset=utf-8',
      'text/plain',
      '',
      ';',
      '\x80',
    ],
  );
  const nearly = fc
    .record({
      signature_token: fc.record(
        {
          name: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.anything()),
          expires_at: fc.oneof(
            fc.constantFrom('2027-01-01T00:00Z', '9999-12-31T23:59:59-12:00', '2026-02-30T00:00Z'),
            fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
            fc.anything(),
          ),
          auth_scope: fc.oneof(
            fc.constant({ authentication_for: 'batch-api', authorization_type: 'read-only' }),
            fc.anything(),
          ),
        },
        { requiredKeys: [] },
      ),
    })
    .map((object) =>
      JSON.stringify(object, (_, part) => (typeof part === 'bigint' ? String(part) : part)),
    );
  const body = fc.oneof(nearly, fc.json(), fc.string({ unit: 'grapheme' }), bytes);
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(type, body, async (contentType, text) => {
      const headers = { Authorization: basic, 'Content-Type': contentType };
      const latin1 = Buffer.from(text).toString('latin1');
      statuses.add(await send(request('POST', '/batch/acme/signature_tokens', headers, latin1)));
    }),
    { numRuns: rounds({ usual: 80, full: 400 }) },
  );
  expect(statuses).toContain(400);
  expect(statuses).toContain(415);
});

test('any bytes at all are answered or hung up on', async () => {
  const { send, bearer } = await openAcme();
  const whole = request('GET', '/batch/acme/reports', { Authorization: bearer });
  const garbled = fc
    .array(fc.tuple(fc.nat(whole.length - 5), fc.nat(255)), { minLength: 1, maxLength: 5 })
    .map((edits) => {
      const copy = Buffer.from(whole);
      for (const [at, byte] of edits) copy[at] = byte;
      // A second empty line ends the request whatever became of the first.
      return Buffer.concat([copy, Buffer.from('\r\n\r\n')]);
    })
    // Without this the server would rightly wait for another request.
    .filter((copy) => copy.includes('\r\nHost: localhost\r\nConnection: close\r\n'));
  await fc.assert(
    fc.asyncProperty(garbled, async (text) => {
      await send(text);
    }),
    { numRuns: rounds({ usual: 60, full: 300 }) },
  );
});
