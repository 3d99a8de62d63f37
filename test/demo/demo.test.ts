import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { revokeAccessToken } from '../../src/access-tokens/access-token-store.ts';
import { basicOf } from '../../src/client/index.ts';
import { systemClock, wireTime } from '../../src/clock.ts';
import { DEMO_ADMIN, getOrMakeDemoBearer } from '../../src/demo/demo-credentials.ts';
import { getOrMakeDemoOrganization } from '../../src/demo/demo-organization.ts';
import { makeDemoSignInLink } from '../../src/demo/demo-sign-in-link.ts';
import { countRows, getPosition } from '../../src/discovery/row-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { removeMember } from '../../src/members/change-members.ts';
import type { Member } from '../../src/members/member.ts';
import { findMember } from '../../src/members/member-store.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { fromOwnPage } from '../support/pages.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const outside = { clock: systemClock, identifiers: randomIdentifiers };

async function openDemo() {
  const workplace = await openWorkplace();
  const { database, config } = workplace;
  const acme = (await getOrMakeDemoOrganization(database, systemClock)) as Organization;
  const file = join(config.dataDir, 'demo.json');
  const getBearer = () => getOrMakeDemoBearer(database, acme, file, outside);
  const bearer = await getBearer();
  const readFile = () => JSON.parse(readFileSync(file, 'utf8'));
  const status = async (path: string, authorization: string) =>
    (await workplace.get(path, authorization)).statusCode;
  return { ...workplace, acme, file, bearer, getBearer, readFile, status };
}

test('the organization has a few hundred reports in shared and personal spaces, made once', async () => {
  const { database, acme } = await openDemo();
  const { reports } = await countRows(database, acme.id);
  expect(reports.all).toBe(300);
  expect(reports.personal).toBeGreaterThan(50);
  expect(reports.personal).toBeLessThan(150);
  const position = await getPosition(database, acme.id);
  expect(await getOrMakeDemoOrganization(database, systemClock)).toEqual(acme);
  expect(await getPosition(database, acme.id)).toBe(position);
});

test('an acme that was there before is left as it is', async () => {
  const { database } = await openWorkplace();
  const acme = await makeOrganization(database, 'acme');
  expect(await getOrMakeDemoOrganization(database, systemClock)).toBeUndefined();
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
