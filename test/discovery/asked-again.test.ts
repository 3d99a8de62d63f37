import { expect, test } from 'vitest';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import { wireTime } from '../../src/clock.ts';
import { AskedAgain } from '../../src/discovery/asked-again.ts';
import { lists } from '../../src/discovery/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const headers = { host: 'x', authorization: 'Bearer abc', accept: '*/*' };
const socket = {};
const request = (others = {}) => ({ method: 'GET', url: '/list', headers, socket, ...others });

function openStores() {
  const time = { nowMs: 0 };
  const commits = [1, 1];
  const stores = commits.map((_, index) => ({ commits: () => commits[index] as number }));
  const askedAgain = new AskedAgain<string>(stores, () => time.nowMs);
  /** Asks, and is answered. */
  const answer = (text: string) => {
    const asked = request();
    askedAgain.find(asked);
    askedAgain.remember(asked, text, 10);
  };
  return { time, commits, askedAgain, answer };
}

test('an answer is remembered until anything is committed to any of the stores', () => {
  for (const store of [0, 1]) {
    const { commits, askedAgain, answer } = openStores();
    answer('first');
    expect(askedAgain.find(request())).toBe('first');
    commits[store] = 2;
    expect(askedAgain.find(request())).toBeUndefined();
    answer('second');
    expect(askedAgain.find(request())).toBe('second');
  }
});

test('an answer that was being made during a commit is not remembered', () => {
  const { commits, askedAgain } = openStores();
  const before = request();
  askedAgain.find(before);
  commits[0] = 2;
  askedAgain.find(request());
  askedAgain.remember(before, 'answer', 10);
  expect(askedAgain.find(request())).toBeUndefined();
});

test('an answer is for the same words only, and until its time', () => {
  const { time, askedAgain, answer } = openStores();
  answer('answer');
  for (const other of [
    { authorization: 'Bearer abd' },
    { accept: 'application/x-ndjson' },
    { 'if-none-match': '"etag"' },
    { 'accept-encoding': 'gzip' },
    { origin: 'https://example.com' },
  ]) {
    expect(askedAgain.find(request({ headers: { ...headers, ...other } }))).toBeUndefined();
  }
  expect(askedAgain.find(request({ url: '/list?' }))).toBeUndefined();
  expect(askedAgain.find(request({ socket: {} }))).toBe('answer');
  time.nowMs = 9;
  expect(askedAgain.find(request())).toBe('answer');
  time.nowMs = 10;
  expect(askedAgain.find(request())).toBeUndefined();
});

test.each([
  ['a session', { headers: { host: 'x', cookie: 'session=1' } }],
  ['HEAD', { method: 'HEAD' }],
  ['a request without a host', { headers: { ...headers, host: undefined } }],
  ['a request with a body', { headers: { ...headers, 'content-length': '2' } }],
  ['a request with a body in chunks', { headers: { ...headers, 'transfer-encoding': 'chunked' } }],
])('nothing is remembered of %s', (_, others) => {
  const { askedAgain } = openStores();
  const asked = request(others);
  askedAgain.find(asked);
  askedAgain.remember(asked, 'answer', 10);
  expect(askedAgain.find(request(others))).toBeUndefined();
});

test('nothing is remembered where commits are not seen', () => {
  const askedAgain = new AskedAgain<string>([{}], () => 0);
  const asked = request();
  askedAgain.find(asked);
  askedAgain.remember(asked, 'answer', 10);
  expect(askedAgain.find(request())).toBeUndefined();
});

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  await putRows(workplace.database, acme, lists.reports, [reportRow(1)]);
  const ask = (authorization: string) => workplace.get('/batch/acme/reports', authorization);
  /** Asks until the answer comes from memory. */
  const askThrice = async (authorization: string) => {
    for (let time = 0; time < 3; time++) expect((await ask(authorization)).statusCode).toBe(200);
  };
  return { ...workplace, acme, ask, askThrice };
}

test('a token is refused in the moment in which it expires, however often it has asked', async () => {
  const { database, acme, time, ask, askThrice } = await openAcme();
  const bearer = await makeBearer(database, acme, { expiresAt: wireTime(time.nowMs + 10_000) });
  await askThrice(bearer);
  time.nowMs += 9_999;
  await askThrice(bearer);
  time.nowMs += 1;
  expect((await ask(bearer)).statusCode).toBe(401);
});

test('a token that was revoked is refused, however often it has asked', async () => {
  const { database, acme, ask, askThrice } = await openAcme();
  const bearer = await makeBearer(database, acme);
  await askThrice(bearer);
  const [token = ''] = Buffer.from(bearer.slice('Bearer '.length), 'base64').toString().split(':');
  await revokeAccessToken(database, acme.id, 'signature', token, wireTime(0));
  expect((await ask(bearer)).statusCode).toBe(401);
});

test('the same words get what was written since', async () => {
  const { database, acme, ask, askThrice } = await openAcme();
  const bearer = await makeBearer(database, acme);
  await askThrice(bearer);
  await putRows(database, acme, lists.reports, [reportRow(2)]);
  expect((await ask(bearer)).json().pagination.total_count).toBe(2);
});
