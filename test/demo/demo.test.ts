import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import { basicOf } from '../../src/client/index.ts';
import { systemClock, wireTime } from '../../src/clock.ts';
import { filesDirOf } from '../../src/data-sources/organization-files.ts';
import { secretKeyOf } from '../../src/data-sources/secret-key.ts';
import { DEMO_ADMIN, getOrMakeDemoBearer } from '../../src/demo/demo-credentials.ts';
import { makeDemoInventory } from '../../src/demo/demo-inventory.ts';
import { getOrMakeDemoOrganization } from '../../src/demo/demo-organization.ts';
import { makeDemoSignInLink } from '../../src/demo/demo-sign-in-link.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import type { GivenRow } from '../../src/inventory/row.ts';
import { countRows, getPosition } from '../../src/inventory/row-store.ts';
import type { Member } from '../../src/members/member.ts';
import { findMember } from '../../src/members/member-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { fromOwnPage } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const outside = { clock: systemClock, identifiers: randomIdentifiers };

async function openDemo(flags: Parameters<typeof openWorkplace>[0] = {}) {
  const workplace = await openWorkplace(flags);
  const { database, config } = workplace;
  const acme = (await getOrMakeDemoOrganization(database, outside)) as Organization;
  const file = join(config.dataDir, 'demo.json');
  const getBearer = () => getOrMakeDemoBearer(database, acme, file, outside);
  const bearer = await getBearer();
  const readFile = () => JSON.parse(readFileSync(file, 'utf8'));
  const status = async (path: string, authorization: string) =>
    (await workplace.get(path, authorization)).statusCode;
  return { ...workplace, acme, file, bearer, getBearer, readFile, status };
}

describe('the inventory', () => {
  async function openInventory(flags: Parameters<typeof openWorkplace>[0] = {}) {
    const demo = await openDemo(flags);
    const { config, database, acme: organization } = demo;
    const make = () =>
      makeDemoInventory({
        database,
        organization,
        filesDir: filesDirOf(config),
        secretKey: secretKeyOf(config, randomIdentifiers),
        ...outside,
      });
    return { ...demo, make };
  }

  test('is about twenty reports of several members in five spaces and a personal one', async () => {
    const { database, acme, bearer, get, make } = await openInventory();
    await make();
    const counts = await countRows(database, acme.id);
    expect(counts.spaces).toEqual({ all: 6, personal: 1 });
    expect(counts.reports).toEqual({ all: 21, personal: 1 });
    const { reports } = (await get('/batch/acme/reports', bearer)).json();
    expect(new Set(reports.map((row: GivenRow) => row.creator_email)).size).toBe(5);
    const stats = (await get('/batch/acme/report_stats', bearer)).json().report_stats;
    const scheduled = stats.filter((row: GivenRow) => row.active_schedules_count === 1);
    expect(scheduled.length).toBeGreaterThan(5);
  });

  test('is made once: what is deleted of it stays deleted, and nothing is made twice', async () => {
    const { database, acme, make } = await openInventory();
    await make();
    const position = await getPosition(database, acme.id);
    await make();
    expect(await getPosition(database, acme.id)).toBe(position);
  });
});

test('an acme that was there before is left as it is', async () => {
  const { database } = await openWorkplace();
  const acme = await makeOrganization(database, 'acme');
  expect(await getOrMakeDemoOrganization(database, outside)).toBeUndefined();
  expect((await countRows(database, acme.id)).reports.all).toBe(0);
});

test('the credentials let in, and stay', async () => {
  const { bearer, getBearer, readFile, status } = await openDemo();
  const { api_token: api } = readFile();
  expect(await status('/batch/acme/reports', bearer)).toBe(200);
  expect(await status('/batch/acme/signature_tokens', basicOf(api))).toBe(200);
  expect(await getBearer()).toBe(bearer);
});

test('the file is for its owner only, even if it was opened to others', async () => {
  const { file, getBearer } = await openDemo();
  const mode = () => statSync(file).mode & 0o777;
  expect(mode()).toBe(0o600);
  chmodSync(file, 0o644);
  await getBearer();
  expect(mode()).toBe(0o600);
  expect(existsSync(`${file}.tmp`)).toBe(false);
});

test.for([
  ['is missing', undefined],
  ['is empty', ''],
  ['is not JSON', '{"api_token":'],
  ['holds something else', '[null]'],
  ['holds null', 'null'],
  ['holds other types', '{"api_token":5,"signature_token":"x"}'],
] as const)('where the file %s, new credentials are made', async ([, content]) => {
  const { file, bearer, getBearer, status } = await openDemo();
  if (content === undefined) rmSync(file);
  else writeFileSync(file, content);
  const other = await getBearer();
  expect(other).not.toBe(bearer);
  expect(await status('/batch/acme/reports', other)).toBe(200);
  expect(await getBearer()).toBe(other);
});

test('only the credential that was revoked is replaced', async () => {
  const { database, acme, bearer, getBearer, readFile, status } = await openDemo();
  const { api_token: api } = readFile();
  await revokeAccessToken(database, acme.id, 'api', api.token, wireTime(systemClock()));
  expect(await getBearer()).toBe(bearer);
  const { api_token: newApi } = readFile();
  expect(newApi.token).not.toBe(api.token);
  expect(await status('/batch/acme/signature_tokens', basicOf(newApi))).toBe(200);

  const { token } = readFile().signature_token;
  await revokeAccessToken(database, acme.id, 'signature', token, wireTime(systemClock()));
  const newBearer = await getBearer();
  expect(newBearer).not.toBe(bearer);
  expect(await status('/batch/acme/reports', newBearer)).toBe(200);
  expect(readFile().signature_token.token).not.toBe(token);
  expect(readFile().api_token).toEqual(newApi);
});

test('credentials of another organization of that name are not used', async () => {
  const elsewhere = await openDemo();
  const { file, getBearer, status } = await openDemo();
  writeFileSync(file, JSON.stringify(elsewhere.readFile()));
  const bearer = await getBearer();
  expect(bearer).not.toBe(elsewhere.bearer);
  expect(await status('/batch/acme/reports', bearer)).toBe(200);
});

test('a link signs the admin in, who is made again where somebody has removed that member', async () => {
  const { database, acme, send } = await openDemo();
  const admin = (await findMember(database, acme.id, DEMO_ADMIN)) as Member;
  for (const isThere of [true, false]) {
    if (!isThere) await removeMember(database, acme.id, admin, outside);
    const { secret } = await makeDemoSignInLink(database, acme, 24, outside);
    const answer = await send({
      method: 'POST',
      url: '/api/session/link',
      headers: fromOwnPage,
      payload: { link: secret },
    });
    expect(answer.json().session.member).toMatchObject({ email: DEMO_ADMIN, role: 'admin' });
  }
});
