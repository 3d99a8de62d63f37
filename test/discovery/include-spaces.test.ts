import { describe, expect, test } from 'vitest';
import { commandLine } from '../../src/audit/audit-log-store.ts';
import { systemClock } from '../../src/clock.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { type ListName, lists } from '../../src/inventory/lists.ts';
import { addMember, putMember } from '../../src/members/change-members.ts';
import { putRows } from '../support/rows.ts';
import { makeBearer, makeOrganization, openWorkplace } from '../support/workplace.ts';

const followingSpaces: ListName[] = ['reports', 'report_stats', 'queries', 'charts'];
const alwaysWhole: ListName[] = ['spaces', 'members'];
const all: ListName[] = [...followingSpaces, ...alwaysWhole];

/** Each list has two rows, the second in a personal space where that means anything. */
async function openAcme() {
  const workplace = await openWorkplace();
  const acme = await makeOrganization(workplace.database);
  for (const name of all) {
    const row = (number: number) => ({
      id: number,
      token: `t${number}`,
      report_id: number,
      report_token: `t${number}`,
    });
    await putRows(workplace.database, acme, lists[name], [row(1)]);
    await putRows(workplace.database, acme, lists[name], [row(2)], {
      personal: followingSpaces.includes(name),
    });
  }
  const bearer = await makeBearer(workplace.database, acme);
  return {
    ...workplace,
    acme,
    list: (name: ListName, rest = '') => workplace.get(`/batch/acme/${name}${rest}`, bearer),
  };
}

test.each(followingSpaces)('%s leaves out what lies in personal spaces', async (name) => {
  const { list } = await openAcme();
  const body = (await list(name)).json();
  expect(body.pagination).toMatchObject({ count: 1, total_count: 1 });
  expect(body[name]).toHaveLength(1);
  expect(body[name][0][lists[name].idField]).toBe(1);
});

test.each(all)('%s lists all of it with include_spaces=all', async (name) => {
  const { list } = await openAcme();
  const body = (await list(name, '?include_spaces=all')).json();
  expect(body.pagination).toMatchObject({ count: 2, total_count: 2 });
  const ids = body[name].map((row: Record<string, unknown>) => row[lists[name].idField]);
  expect(ids).toEqual([1, 2]);
});

test('the token of an admin who became a plain member went on listing everybody’s personal spaces', async () => {
  const { database, acme, get } = await openAcme();
  const outside = { clock: systemClock, identifiers: randomIdentifiers };
  const member = { email: 'dara@acme.example', role: 'admin' } as const;
  const { slot: memberSlot } = await addMember(database, acme.id, member, outside);
  const bearer = await makeBearer(database, acme, { memberSlot });
  const ask = (rest: string) => get(`/batch/acme/queries${rest}`, bearer);
  for (const _ of [1, 2]) expect((await ask('?include_spaces=all')).statusCode).toBe(200);
  await database.transaction((store) =>
    putMember(store, acme.id, { ...member, role: 'member' }, { ...outside, by: commandLine }),
  );
  for (const _ of [1, 2]) {
    expect((await ask('?include_spaces=all')).statusCode).toBe(403);
    expect((await ask('')).json().pagination.total_count).toBe(1);
  }
});

test.each(alwaysWhole)('%s lists all of it anyway', async (name) => {
  const { list } = await openAcme();
  expect((await list(name)).json().pagination.total_count).toBe(2);
});

describe.each(all)('include_spaces of %s', (name) => {
  test('is also "all" when it is percent-encoded or the documentation’s ?= is used', async () => {
    const { list } = await openAcme();
    for (const text of ['=%61ll', '=%61%6c%6C', '?=all']) {
      const response = await list(name, `?include_spaces${text}`);
      expect(response.statusCode).toBe(200);
      expect(response.json().pagination.total_count).toBe(2);
    }
  });

  test('is a 400 when it is anything else', async () => {
    const { list } = await openAcme();
    for (const value of ['ALL', 'All', 'all,all', '"all"', ' all', 'none', 'true', '1', '']) {
      const response = await list(name, `?include_spaces=${encodeURIComponent(value)}`);
      expect(response.statusCode).toBe(400);
      expect(response.json()).toEqual({
        id: 'bad_request',
        message: `include_spaces is ${JSON.stringify(value)}; it must be "all".`,
        hint: 'Omit include_spaces to list what is outside personal spaces.',
      });
    }
    expect((await list(name, '?include_spaces')).statusCode).toBe(400);
  });

  test('is a 400 when it is given twice', async () => {
    const { list } = await openAcme();
    for (const rest of ['&include_spaces=all', '?include_spaces=all', '&include_spaces=']) {
      const response = await list(name, `?include_spaces=all${rest}`);
      expect(response.statusCode).toBe(400);
      expect(response.json().message).toContain('include_spaces is given 2 times: "all", ');
    }
  });
});
