import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { putRows } from '../support/rows.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  await putRows(workplace.database, acme, lists.members, [
    { id: 7, token: '0000000000a7', member_email: 'once@acme.example', state: 'active' },
  ]);
  const admin = await makeBasic(workplace.database, acme);
  const member = await makeBasic(workplace.database, acme, 'member');
  return { ...workplace, acme, admin, member };
}

test('a member’s account is the member', async () => {
  const { get, member } = await openAcme();
  const response = await get('/api/account', member);
  expect(response.statusCode).toBe(200);
  const account = response.json();
  expect(account).toMatchObject({
    username: 'member',
    email: 'member@acme.example',
    user: true,
    membership_type: 'full',
  });
  expect((await get(account._links.self.href, member)).json()).toEqual(account);
});

describe('memberships', () => {
  test('are everybody who is listed, on one page', async () => {
    const { get, member } = await openAcme();
    const { _embedded, pagination } = (await get('/api/acme/memberships?page=3', member)).json();
    expect(pagination).toMatchObject({ page: 1, count: 3, total_count: 3, total_pages: 1 });
    expect(
      _embedded.memberships.map((one: { admin: boolean; member_username: string | null }) => [
        one.member_username,
        one.admin,
      ]),
    ).toEqual([
      [null, false],
      ['admin', true],
      ['member', false],
    ]);
  });

  test('in short have addresses', async () => {
    const { get, member } = await openAcme();
    const { _embedded } = (await get('/api/acme/memberships/lite', member)).json();
    expect(_embedded.memberships.map((one: { email: string }) => one.email)).toEqual([
      'once@acme.example',
      'admin@acme.example',
      'member@acme.example',
    ]);
  });

  test('lead to themselves and to the persons', async () => {
    const { get, member } = await openAcme();
    const { _embedded } = (await get('/api/acme/memberships', member)).json();
    for (const membership of _embedded.memberships) {
      const { self, user } = membership._links;
      expect((await get(self.href, member)).json()).toEqual(membership);
      expect((await get(user.href, member)).json().token).toBe(membership.member_token);
    }
  });
});

test('somebody whom an import listed is a person of limited membership', async () => {
  const { get, member } = await openAcme();
  expect((await get('/api/acme/members/0000000000a7', member)).json()).toMatchObject({
    token: '0000000000a7',
    email: 'once@acme.example',
    membership_type: 'limited',
    created_at: null,
  });
});

test('a member who was removed is not there, as one who never was', async () => {
  const { get, database, acme, admin, member } = await openAcme();
  const { self } = (await get('/api/account', member)).json()._links;
  const found = await findMember(database, acme.id, 'member@acme.example');
  if (found === undefined) throw new Error('There is no such member.');
  await removeMember(database, acme.id, found, { clock: systemClock });
  const gone = await get(self.href, admin);
  expect(gone.statusCode).toBe(404);
  const never = await get(`/api/acme/members/${randomIdentifiers.token()}`, admin);
  expect(gone.body).toBe(never.body);
  expect((await get('/api/account', member)).statusCode).toBe(401);
});
