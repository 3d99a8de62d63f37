import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type RetryEvent, RollcallClient, RollcallError } from '../../src/client/index.ts';
import { lists } from '../../src/inventory/lists.ts';
import {
  answer,
  cut,
  cutMidway,
  type Fault,
  raw,
  silence,
  startFaultProxy,
} from '../support/fault-proxy.ts';
import { openListening } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';

/** With one bit of its checksum changed. */
function damaged(gzip: Buffer): Buffer {
  gzip[gzip.length - 8] = (gzip.at(-8) as number) ^ 1;
  return gzip;
}

/** Acme with 25 reports behind a proxy, and a client that waits in milliseconds what others wait in seconds. */
async function openBehindProxy(
  options: Partial<ConstructorParameters<typeof RollcallClient>[0]> = {},
) {
  const listening = await openListening();
  const rows = Array.from({ length: 25 }, (_, index) => reportRow(index + 1));
  await putRows(listening.database, listening.acme, lists.reports, rows);
  const proxy = await startFaultProxy(listening.url);
  const retries: RetryEvent[] = [];
  const client = new RollcallClient({
    url: proxy.url,
    organization: 'acme',
    bearer: listening.bearer,
    retryDelayMs: 2,
    onRetry: (event) => retries.push(event),
    ...options,
  });
  return { ...listening, proxy, client, retries };
}

async function readIds(client: RollcallClient, signal?: AbortSignal): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of client.reports({ perPage: 10, signal })) ids.push(id);
  return ids;
}

const allIds = Array.from({ length: 25 }, (_, index) => index + 1);

/** The error that reading ends with. */
async function failure(reading: Promise<unknown>): Promise<RollcallError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RollcallError);
  return error as RollcallError;
}

describe('what may pass is tried again', () => {
  const passing: [string, Fault][] = [
    ['a 408', answer(408, { id: 'request_timeout', message: 'Too slow.' })],
    [
      'a 429',
      answer(429, { id: 'too_many_requests', message: 'Slow down.' }, { 'retry-after': '0' }),
    ],
    ['a 500', answer(500, { id: 'internal_error', message: 'Failed.' })],
    ['a 503 of a gateway', answer(503, '<h1>Backend read error</h1>')],
    ['a 502 of a proxy', answer(502, '<h1>Bad gateway</h1>')],
    ['a 504 of a proxy', answer(504, '<h1>Gateway time-out</h1>')],
    ['a 520 of a proxy', answer(520, '')],
    ['a page that says that the server is being repaired', answer(200, '<h1>Back soon</h1>')],
    ['a cut connection', cut],
    ['a connection cut within the body', cutMidway],
    ['an answer without a body', raw(200, '')],
    ['an answer that ends early, as if that were all', raw(200, '{"pagination":{"page":1,"per_pa')],
    ['an answer in bytes that are no text', raw(200, Buffer.from('{"reports":["é"]}', 'latin1'))],
    ['compression that is none', raw(200, 'not gzip', 'gzip')],
    [
      'compression that ends early',
      raw(200, gzipSync('{"pagination":{}}').subarray(0, 20), 'gzip'),
    ],
    ['compression that was damaged', raw(200, damaged(gzipSync('{"pagination":{}}')), 'gzip')],
    ['compression of another kind', raw(200, brotliCompressSync('{}').subarray(1), 'br')],
    ['a slow answer', silence],
  ];
  test.each(passing)('%s loses and doubles nothing', async (_, fault) => {
    const { client, proxy, retries } = await openBehindProxy({
      timeoutMs: fault === silence ? 1000 : 30_000,
    });
    // Each page fails at first.
    const failed = new Set<string>();
    proxy.fail(({ url = '' }) => {
      if (failed.has(url)) return undefined;
      failed.add(url);
      return fault;
    });
    expect(await readIds(client)).toEqual(allIds);
    expect(proxy.requests).toHaveLength(6);
    expect(retries.map(({ retry }) => retry)).toEqual([1, 1, 1]);
  });

  test('Retry-After in seconds is waited for', async () => {
    const { client, proxy, retries } = await openBehindProxy();
    proxy.fail((_, number) => (number === 0 ? answer(429, {}, { 'retry-after': '1' }) : undefined));
    const startedMs = performance.now();
    expect(await readIds(client)).toEqual(allIds);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
    expect(retries[0]?.error.retryAfterMs).toBe(1000);
    expect(retries[0]?.delayMs).toBe(1000);
  });

  test('a Retry-After of an hour is cut to the longest wait', async () => {
    const { client, proxy, retries } = await openBehindProxy({ maxRetryDelayMs: 20 });
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    proxy.fail((_, number) =>
      number === 0 ? answer(503, {}, { 'retry-after': date }) : undefined,
    );
    expect(await readIds(client)).toEqual(allIds);
    expect(retries[0]?.error.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(retries[0]?.delayMs).toBe(20);
  });

  test('a server that stays away is given up on, with what it said last', async () => {
    const { client, proxy } = await openBehindProxy({ retries: 3 });
    proxy.fail(() => answer(503, { id: 'busy', message: 'Being repaired.', hint: 'Come back.' }));
    const error = await failure(readIds(client));
    expect(error).toMatchObject({ id: 'busy', status: 503, hint: 'Come back.' });
    expect(error.message).toBe(
      `${proxy.url}/batch/acme/reports?per_page=10&crawl=new answered 503: Being repaired.`,
    );
    expect(proxy.requests).toHaveLength(4);
  });

  test('a port that nobody listens on says so', async () => {
    const { client, server, proxy } = await openBehindProxy({ retries: 1 });
    await server.close();
    const error = await failure(readIds(client));
    expect(error).toMatchObject({ id: 'connection_failed', status: undefined });
    expect(error.message).toContain(`The connection to ${proxy.url}/batch/acme/reports`);
  });

  test('an answer that never comes is told from a lost connection', async () => {
    const { client, proxy } = await openBehindProxy({ retries: 0, timeoutMs: 50 });
    proxy.fail(() => silence);
    expect(await failure(readIds(client))).toMatchObject({ id: 'timed_out', status: undefined });
  });
});

describe('what will not pass is not tried again', () => {
  test('a refusal keeps the server’s words', async () => {
    const { url, proxy, bearer } = await openBehindProxy();
    const stranger = new RollcallClient({
      url: proxy.url,
      organization: 'acme',
      bearer: 'YTpiOmM=',
    });
    const unauthorized = await failure(readIds(stranger));
    expect(unauthorized).toMatchObject({ id: 'unauthorized', status: 401 });
    expect(unauthorized.hint).toContain('signature-token create');
    const lost = new RollcallClient({ url, organization: 'nobody', bearer });
    expect(await failure(readIds(lost))).toMatchObject({ id: 'not_found', status: 404 });
    const greedy = new RollcallClient({ url, organization: 'acme', bearer });
    const error = await failure(Array.fromAsync(greedy.reports({ perPage: 1001 })));
    expect(error).toMatchObject({ id: 'bad_request', status: 400 });
    expect(error.message).toContain('per_page is "1001"');
    expect(proxy.requests).toHaveLength(1);
  });

  test('a page of another kind is told from an answer of the Discovery API', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(() => answer(404, '<h1>Nothing here</h1>'));
    expect(await failure(readIds(client))).toMatchObject({ id: 'status_404', status: 404 });
    proxy.fail(() => answer(200, { reports: 12 }));
    expect((await failure(readIds(client))).message).toContain('has no list reports');
    proxy.fail(() => answer(200, { pagination: { page: '1' }, reports: [] }));
    expect((await failure(readIds(client))).message).toContain('pagination.page');
    proxy.fail(() => answer(200, null));
    expect(await failure(readIds(client))).toMatchObject({ id: 'unexpected_answer' });
    expect(proxy.requests).toHaveLength(4);
  });

  const page = (rows: string) => {
    const counters = '"page": 1, "per_page": 9, "count": 1, "total_pages": 1, "total_count": 1';
    const body = `{"pagination": {${counters}}, "reports": [{"token": "a"}, ${rows}]}`;
    return answer(200, body, { 'content-type': 'application/json' });
  };
  test.for([
    ['null', 'not an object'],
    ['"text"', 'not an object'],
    ['[]', 'not an object'],
    [`{"name": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'nested deeper than 20 levels'],
  ])('a row that is none is named, not stumbled over: %.9s', async ([row = '', is = '']) => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(() => page(row));
    const error = await failure(readIds(client));
    expect(error).toMatchObject({ id: 'unexpected_answer' });
    expect(error.message).toContain('Row 2 of reports in the response of http://');
    expect(error.message).toContain(`is ${is}.`);
    proxy.fail(() => answer(200, { changes: [null], cursor: 'c', more: false }));
    expect(await failure(client.changeBatch())).toMatchObject({ id: 'unexpected_answer' });
    expect(proxy.requests).toHaveLength(2);
  });

  test('a message that is an object, as some servers nest them, is shown whole', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(() => answer(422, { id: 'invalid', message: { name: ['is too long'] } }));
    expect((await failure(readIds(client))).message).toContain('{"name":["is too long"]}');
  });
});

describe('an answer is named for what it is:', () => {
  const named: [string, Fault, string, string][] = [
    ['HTML', answer(200, '<h1>Sign in</h1>'), 'unexpected_answer', 'text/html instead of JSON'],
    ['a proxy’s', answer(502, '<h1>502</h1>'), 'status_502', 'it is from a proxy'],
    [
      'cut short',
      raw(200, '{"a":1'),
      'connection_failed',
      'it ended early, or was damaged, after 6 bytes',
    ],
    ['cut off', cutMidway, 'connection_failed', 'ended early: other side closed'],
    ['not UTF-8', raw(200, Buffer.from([0x22, 0xe9, 0x22])), 'unexpected_answer', 'not UTF-8'],
    [
      'not gzip',
      raw(200, 'x'.repeat(9), 'gzip'),
      'connection_failed',
      'The compression of the response',
    ],
  ];
  test.each(named)('%s', async (_, fault, id, message) => {
    const { client, proxy } = await openBehindProxy({ retries: 1 });
    proxy.fail(() => fault);
    const error = await failure(readIds(client));
    expect([error.id, error.message]).toEqual([id, expect.stringContaining(message)]);
    expect(proxy.requests).toHaveLength(2);
  });
});

describe('a redirect', () => {
  test('to another origin, as from http to https, is named, and brings it no credential', async () => {
    const { client, proxy } = await openBehindProxy();
    const seen: (string | undefined)[] = [];
    const other = await startFaultProxy(proxy.url, ({ headers }) => {
      seen.push(headers.authorization);
      return answer(200, { pagination: {}, reports: [] });
    });
    proxy.fail(() => answer(301, '', { location: `${other.url}/batch/acme/reports` }));
    const error = await failure(readIds(client));
    expect(error).toMatchObject({ id: 'redirected', isTransient: false });
    expect(error.message).toContain(
      `redirects to ${other.url}/batch/acme/reports, another origin, to which the credential is not sent`,
    );
    expect(error.hint).toBe(`If that is your server, use its own URL: ${other.url}`);
    expect(seen).toEqual([undefined]);
    expect(proxy.requests).toHaveLength(1);
  });

  test('within the origin is followed with the credential', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(({ url = '' }) =>
      url.includes('moved') ? undefined : answer(307, '', { location: `${url}&moved=1` }),
    );
    expect(await readIds(client)).toEqual(allIds);
  });

  test('in a circle ends, and is not tried again', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(({ url = '' }) => answer(302, '', { location: url }));
    expect(await failure(readIds(client))).toMatchObject({ id: 'redirected' });
    expect(proxy.requests.length).toBeLessThan(30);
  });

  test('of what changes something is not followed: a POST would become a GET', async () => {
    const { proxy } = await openBehindProxy();
    const apiToken = { token: 'a', secret: 'b' };
    const admin = new RollcallClient({ url: proxy.url, organization: 'acme', apiToken });
    proxy.fail(() => answer(302, '', { location: '/elsewhere' }));
    const made = admin.createSignatureToken({ name: 'nightly', expiresAt: new Date() });
    expect(await failure(made)).toMatchObject({ id: 'redirected', status: 302 });
    expect(proxy.requests).toEqual(['POST /batch/acme/signature_tokens']);
  });
});

describe('a list ends', () => {
  /** Answers like a server of 25 reports in pages of 10 that always links on, to what `rowsOf` says lies there. */
  const endless = (rowsOf: (page: number) => [page: number, ids: number[]]) => {
    const pageOf = (url = '') => Number(new URL(url, 'http://x').searchParams.get('page') ?? 1);
    return ({ url = '' }: { url?: string | undefined }) => {
      const [page, ids] = rowsOf(pageOf(url));
      return answer(200, {
        pagination: { page, per_page: 10, count: ids.length, total_pages: 3, total_count: 25 },
        reports: ids.map((id) => ({ id })),
        _links: { next_page: { href: `/batch/acme/reports?page=${pageOf(url) + 1}&per_page=10` } },
      });
    };
  };
  const idsOn = (page: number) => allIds.slice((page - 1) * 10, page * 10);

  test('where next pages are linked for ever and are empty', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(endless((page) => [page, idsOn(page)]));
    expect(await readIds(client)).toEqual(allIds);
    expect(proxy.requests).toHaveLength(4);
  });

  test('where the last page is served again for ever, whatever its number says', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(endless((page) => [page, idsOn(Math.min(page, 3))]));
    expect(await readIds(client)).toEqual(allIds);
    proxy.fail(endless((page) => [Math.min(page, 3), idsOn(Math.min(page, 3))]));
    expect(await readIds(client)).toEqual(allIds);
    expect(proxy.requests).toHaveLength(8);
  });

  test('where a link was followed before', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(() =>
      answer(200, {
        pagination: { page: 1, per_page: 10, count: 1, total_pages: 3, total_count: 25 },
        reports: [{ id: 1 }],
        _links: { next_page: { href: '/batch/acme/reports?per_page=10&crawl=new' } },
      }),
    );
    expect(await readIds(client)).toEqual([1]);
    expect(proxy.requests).toHaveLength(1);
  });
});

test('a link to another host is not given the credential', async () => {
  const { client, proxy } = await openBehindProxy();
  const stranger = await startFaultProxy(proxy.url);
  proxy.fail((_, number) =>
    number === 0
      ? answer(200, {
          pagination: { page: 1, per_page: 10, count: 1, total_pages: 3, total_count: 25 },
          reports: [{ id: 1 }],
          _links: { next_page: { href: `${stranger.url}/batch/acme/reports?page=3&per_page=10` } },
        })
      : undefined,
  );
  expect(await readIds(client)).toEqual([1, 21, 22, 23, 24, 25]);
  expect(stranger.requests).toEqual([]);
});

describe('an abort signal', () => {
  test('ends a request that is under way', async () => {
    const { client, proxy } = await openBehindProxy();
    proxy.fail(() => silence);
    const reason = new Error('enough');
    const controller = new AbortController();
    const reading = readIds(client, controller.signal);
    setTimeout(() => controller.abort(reason), 20);
    await expect(reading).rejects.toBe(reason);
  });

  test('ends the wait before a retry', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { client, proxy } = await openBehindProxy({
      retryDelayMs: 60_000,
      onRetry: () => setTimeout(() => controller.abort(reason), 20),
    });
    proxy.fail(() => cut);
    await expect(readIds(client, controller.signal)).rejects.toBe(reason);
    expect(proxy.requests).toHaveLength(1);
  });

  test('that is aborted already sends nothing', async () => {
    const { client, proxy } = await openBehindProxy();
    await expect(readIds(client, AbortSignal.abort())).rejects.toThrow('aborted');
    expect(proxy.requests).toEqual([]);
  });
});
