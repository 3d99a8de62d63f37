import { expect, test } from 'vitest';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import { wireTime } from '../../src/clock.ts';
import { AskedAgain } from '../../src/discovery/asked-again.ts';
import { lists } from '../../src/discovery/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const headers = { authorization: 'Bearer abc', accept: '*/*' };

function openStores() {
  const time = { nowMs: 0 };
  const commits = [1, 1];
  const stores = commits.map((_, index) => ({ commits: () => commits[index] as number }));
  const askedAgain = new AskedAgain<string>(stores, () => time.nowMs);
  const question = (given = headers) => {
    const made = askedAgain.questionOf('/list', given);
    if (made === undefined) throw new Error('Nothing is remembered.');
    return made;
  };
  return { time, commits, askedAgain, question };
}

test('an answer is remembered until anything is committed to any of the stores', () => {
  for (const store of [0, 1]) {
    const { commits, askedAgain, question } = openStores();
    askedAgain.remember(question(), 'answer', 10);
    expect(askedAgain.find(question())).toBe('answer');
    commits[store] = 2;
    expect(askedAgain.find(question())).toBeUndefined();
  }
});

test('an answer that was being made during a commit is not remembered', () => {
  const { commits, askedAgain, question } = openStores();
  const before = question();
  commits[0] = 2;
  question();
  askedAgain.remember(before, 'answer', 10);
  expect(askedAgain.find(question())).toBeUndefined();
});

test('an answer is for the same words only, and until its time', () => {
  const { time, askedAgain, question } = openStores();
  askedAgain.remember(question(), 'answer', 10);
  for (const other of [
    { authorization: 'Bearer abd' },
    { accept: 'application/x-ndjson' },
    { 'if-none-match': '"etag"' },
    { 'accept-encoding': 'gzip' },
  ]) {
    expect(askedAgain.find(question({ ...headers, ...other }))).toBeUndefined();
  }
  time.nowMs = 9;
  expect(askedAgain.find(question())).toBe('answer');
  time.nowMs = 10;
  expect(askedAgain.find(question())).toBeUndefined();
});

test('nothing is remembered of a session, or where commits are not seen', () => {
  const { askedAgain } = openStores();
  expect(askedAgain.questionOf('/list', { cookie: 'session=1' })).toBeUndefined();
  expect(new AskedAgain([{}], () => 0).questionOf('/list', headers)).toBeUndefined();
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
