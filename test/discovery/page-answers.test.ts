import { globSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import { wireTime } from '../../src/clock.ts';
import { lists } from '../../src/inventory/lists.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeBasic, makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

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

test('the same words get the page when its file was cut since, with any spelling of the token', async () => {
  const { config, database, acme, ask, askThrice } = await openAcme();
  const bearer = await makeBearer(database, acme);
  await askThrice(bearer);
  const whole = (await ask(bearer)).body;
  for (const spelling of [bearer.replace('Bearer', 'bearer'), bearer]) {
    for (const file of globSync(join(config.dataDir, `lists/*/${acme.id}-*-reports-*.rows`))) {
      truncateSync(file, 10);
    }
    const answer = await ask(spelling);
    expect(answer).toMatchObject({ statusCode: 200, body: whole });
  }
});

test('the store is looked at once a request, whoever asks and whatever is known already', async () => {
  const { config, database, acme, ask, get } = await openAcme();
  const { commits } = database;
  // PostgreSQL does not say when something is committed.
  expect(commits === undefined).toBe(config.databaseUrl !== undefined);
  if (commits === undefined) return;
  let looks = 0;
  database.commits = () => {
    looks++;
    return commits();
  };
  onTestFinished(() => {
    database.commits = commits;
  });
  const [bearer, basic] = [await makeBearer(database, acme), await makeBasic(database, acme)];
  for (let time = 1; time <= 4; time++) {
    await ask(bearer);
    expect(looks).toBe(2 * time - 1);
    await get('/api/acme', basic);
    expect(looks).toBe(2 * time);
  }
});
