import { expect, test } from 'vitest';
import migration from '../../migrations/020-days-engaged.ts';
import { lists } from '../../src/inventory/lists.ts';
import { readRow, toBytes } from '../../src/inventory/row.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { recordEngagedDays } from '../../src/members/engaged-days.ts';
import { emails, openAcme } from '../support/acme.ts';
import { putRows } from '../support/rows.ts';
import { makeBearer } from '../support/workplace.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

async function openMembers() {
  const opened = await openAcme();
  const { database, acme, get, time, slotOf } = opened;
  const bearer = await makeBearer(database, acme);
  const list = async () => (await get('/batch/acme/members', bearer)).json().members;
  const daysOf = async (email: string) => {
    const member = (await list()).find(
      (one: { member_email: string }) => one.member_email === email,
    );
    return [
      member.last_day_engaged,
      member.last_day_api_engaged,
      member.last_day_in_app_engaged,
    ] as const;
  };
  const record = () => recordEngagedDays({ database, clock: () => time.nowMs }, () => false);
  const use = async (who: 'ana' | 'bo', column: 'tokens' | 'sessions', at: string) => {
    const slot = await slotOf(who);
    if (column === 'tokens') {
      return database.run(
        'update access_tokens set last_used_at = ? where organization_id = ? and member_slot = ?',
        [at, acme.id, slot],
      );
    }
    return database.run(
      `insert into sessions (id_hash, token, organization_id, member_slot, created_at, last_seen_at, expires_at)
       values (?, ?, ?, ?, ?, ?, ?)`,
      [Buffer.from(at), at.slice(0, 12), acme.id, slot, at, at, '9999-01-01T00:00:00.000Z'],
    );
  };
  return { ...opened, list, daysOf, record, use };
}

test('a member who does something has the day in the list at once, by token or in the pages', async () => {
  const { daysOf, call, putReport, ana, time } = await openMembers();
  expect(await daysOf(emails.ana)).toEqual([null, null, null]);
  const report = `/api/acme/reports/${await putReport(1)}`;
  await call('POST', `${report}/views`, ana);
  expect(await daysOf(emails.ana)).toEqual(['2026-11-23', '2026-11-23', null]);
  time.nowMs += DAY_MS;
  await call('PATCH', report, ana, { report: { name: 'Another' } });
  expect(await daysOf(emails.ana)).toEqual(['2026-11-24', '2026-11-24', null]);
  expect(await daysOf(emails.bo)).toEqual([null, null, null]);
});

test('who only reads has the day within an hour, and a row changes once a day', async () => {
  const { daysOf, record, use, list, database, acme, get } = await openMembers();
  await use('ana', 'tokens', '2026-11-22T08:00:00.000Z');
  await use('ana', 'sessions', '2026-11-23T09:00:00.000Z');
  await use('bo', 'tokens', '2026-11-23T07:00:00.000Z');
  await record();
  expect(await daysOf(emails.ana)).toEqual(['2026-11-23', '2026-11-22', '2026-11-23']);
  expect(await daysOf(emails.bo)).toEqual(['2026-11-23', '2026-11-23', null]);
  const bearer = await makeBearer(database, acme);
  const cursor = async () => (await get('/batch/acme/members', bearer)).headers['rollcall-cursor'];
  const before = [await cursor(), await list()];
  await use('bo', 'tokens', '2026-11-23T11:00:00.000Z');
  await record();
  expect([await cursor(), await list()]).toEqual(before);
});

test('a day never goes back, and one that an import brought stays where nothing is newer', async () => {
  const { record, use, list, database, acme, slotOf } = await openMembers();
  await putRows(database, acme, lists.members, [
    { id: 7, token: 'imported', member_email: 'x@acme.example', last_day_engaged: '2020-12-15' },
  ]);
  await use('bo', 'tokens', '2026-11-23T07:00:00.000Z');
  await record();
  await use('bo', 'tokens', '2026-11-21T07:00:00.000Z');
  await record();
  const members = await list();
  expect(members.at(-1)).toMatchObject({ last_day_engaged: '2020-12-15' });
  const bo = members.find((one: { member_email: string }) => one.member_email === emails.bo);
  expect(bo).toMatchObject({ last_day_api_engaged: '2026-11-23' });
  expect(await slotOf('bo')).toBeGreaterThan(0);
});

test('rows from before have the three fields once the store was migrated', async () => {
  const { database, acme, list, slotOf } = await openMembers();
  await database.transaction((store) =>
    changeRows(store, acme.id, async (writer) => {
      const [row] = await findRows(store, acme.id, lists.members, 'slot', [await slotOf('bo')]);
      if (row === undefined) throw new Error('Bo is not listed.');
      const fields = Object.entries(readRow(lists.members, row));
      const before = fields.filter(([name]) => !/^last_day/.test(name));
      await writer.update(lists.members, [{ ...row, body: toBytes(Object.fromEntries(before)) }]);
    }),
  );
  const bo = async () =>
    (await list()).find((one: { member_email: string }) => one.member_email === emails.bo);
  for (let place: string | undefined = ''; place !== undefined; ) {
    const after: string | undefined = place === '' ? undefined : place;
    place = (await database.transaction((store) => migration.takeTurn(store, after)))?.place;
  }
  expect(Object.keys(await bo())).toEqual(lists.members.fields.map(({ name }) => name));
  expect(await bo()).toMatchObject({ last_day_engaged: null, last_day_in_app_engaged: null });
});
