import { expect, test } from 'vitest';
import { RollcallClient } from '../../src/client/index.ts';
import { lists } from '../../src/inventory/lists.ts';
import { openListening } from '../support/listening.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeBearer } from '../support/workplace.ts';

const LIST = '/batch/acme/reports';

const openLimited = () => openListening({ rateLimit: '3' });

test('a caller may send so many requests within a minute, and is told what is left', async () => {
  const { get, bearer, time } = await openLimited();
  for (const remaining of [2, 1, 0]) {
    const { statusCode, headers } = await get(LIST, bearer);
    expect(statusCode).toBe(200);
    expect(headers['ratelimit-policy']).toBe('"default";q=3;w=60');
    expect(headers.ratelimit).toBe(`"default";r=${remaining};t=60`);
  }
  time.nowMs += 12_500;
  const refused = await get(LIST, bearer);
  expect(refused.statusCode).toBe(429);
  expect(refused.headers).toMatchObject({ 'retry-after': '48', ratelimit: '"default";r=0;t=48' });
  expect(refused.json()).toEqual({
    id: 'too_many_requests',
    message: 'More than 3 requests within a minute.',
    hint: 'Try again in 48 s. The header RateLimit of every response shows what is left.',
  });
  time.nowMs += 47_500;
  expect((await get(LIST, bearer)).statusCode).toBe(200);
});

test('a cookie that is made up beside a session makes nobody another caller', async () => {
  const { send } = await openLimited();
  const session = (digit: number) => String(digit).repeat(64);
  const ask = (cookie: string) => send({ url: LIST, headers: { cookie } });
  const cookies = (digit: number) => [
    `x-rollcall-session=${session(digit)}; rollcall-session=${session(0)}`,
    `__Host-rollcall-session=${session(digit)}; rollcall-session=${session(0)}`,
  ];
  for (const made of [0, 1]) {
    const asked = [];
    for (let digit = 1; digit < 6; digit++) asked.push(await ask(cookies(digit)[made] ?? ''));
    expect(asked.map(({ statusCode }) => statusCode)).toContain(429);
  }
});

test('callers do not use up what is another’s', async () => {
  const { get, bearer, database, acme } = await openLimited();
  const other = await makeBearer(database, acme);
  const basic = await makeBasic(database, acme);
  const token = Buffer.from(bearer.slice('Bearer '.length), 'base64').toString().split(':')[0];
  const guessed = `Bearer ${Buffer.from(`${token}:wrong:wrong`).toString('base64')}`;
  for (let i = 0; i < 5; i++) await get(LIST, guessed);
  expect((await get(LIST, guessed)).statusCode).toBe(429);
  for (let i = 0; i < 5; i++) await get(LIST);
  expect((await get(LIST)).statusCode).toBe(429);
  for (const [path, credential] of [
    [LIST, bearer],
    [LIST, other],
    ['/batch/acme/signature_tokens', basic],
  ] as const) {
    expect((await get(path, credential)).statusCode).toBe(200);
  }
});

test('one credential is one caller, however its header is written', async () => {
  const { get, bearer } = await openLimited();
  await get(LIST, bearer);
  await get(LIST, bearer.replace('Bearer', 'bEARER'));
  await get(LIST, bearer.replace(' ', '   '));
  expect((await get(LIST, bearer)).statusCode).toBe(429);
});

test('a 304 is free', async () => {
  const { get, send, bearer } = await openLimited();
  const { etag } = (await get(LIST, bearer)).headers;
  for (let i = 0; i < 5; i++) {
    const headers = { authorization: bearer, 'if-none-match': String(etag) };
    const response = await send({ method: 'GET', url: LIST, headers });
    expect(response.statusCode).toBe(304);
    expect(response.headers.ratelimit).toBe('"default";r=2;t=60');
  }
});

test('health and what browsers ask beforehand are never limited', async () => {
  const { get, send } = await openLimited();
  for (let i = 0; i < 5; i++) {
    expect((await get('/healthz')).statusCode).toBe(200);
    expect((await get('/readyz')).statusCode).toBe(200);
    expect((await send({ method: 'OPTIONS', url: LIST })).statusCode).toBe(204);
  }
});

test('without the option nobody is limited, and no header says so', async () => {
  const { get, bearer } = await openListening();
  for (let i = 0; i < 5; i++) {
    const { statusCode, headers } = await get(LIST, bearer);
    expect(statusCode).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  }
});

test('the typed client waits as long as it is told, and gets everything', async () => {
  const { url, bearer, database, acme, time } = await openLimited();
  await putRows(
    database,
    acme,
    lists.reports,
    Array.from({ length: 10 }, (_, index) => reportRow(index + 1)),
  );
  const waits: number[] = [];
  const client = new RollcallClient({
    url,
    organization: 'acme',
    bearer,
    maxRetryDelayMs: 1,
    onRetry: ({ error, delayMs }) => {
      waits.push(error.retryAfterMs ?? 0);
      expect(error).toMatchObject({ id: 'too_many_requests', status: 429 });
      time.nowMs += 60_000 + delayMs;
    },
  });
  const ids: number[] = [];
  for await (const report of client.reports({ perPage: 1 })) ids.push(report.id);
  expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(waits.length).toBeGreaterThan(1);
  for (const wait of waits) expect(wait).toBe(60_000);
});
