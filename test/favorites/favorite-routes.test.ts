import { expect, test } from 'vitest';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { emails, openAcme } from '../support/acme.ts';
import { makeBasic } from '../support/workplace.ts';

async function openWithReports() {
  const workplace = await openAcme();
  const { call, get, putReport } = workplace;
  const tokens = [
    await putReport(1),
    await putReport(2),
    await putReport(3, { in: 'own' }),
  ] as const;
  const favorite = async (method: 'GET' | 'PUT' | 'DELETE', token: string, by: string) =>
    call(method, `/api/acme/reports/${token}/favorite`, by);
  const list = async (parameters: string, by: string): Promise<{ token: string }[]> =>
    (await get(`/api/acme/reports?${parameters}`, by)).json()._embedded.reports;
  const found = async (parameters: string, by: string) =>
    (await list(parameters, by)).map(({ token }) => token);
  return { ...workplace, tokens, favorite, list, found };
}

test('favorites are each member’s own, and the list tells and filters them', async () => {
  const { tokens, favorite, list, found, ana, bo } = await openWithReports();
  const [first, second, third] = tokens;
  for (const token of [second, second, third]) {
    const answer = await favorite('PUT', token, ana);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json().favorite).toBe(true);
  }
  expect((await favorite('GET', second, bo)).json().favorite).toBe(false);
  expect((await favorite('PUT', third, bo)).statusCode).toBe(404);
  for (const filter of ['favorite=true', 'filter=starred']) {
    expect(await found(filter, ana)).toEqual([second, third]);
    expect(await found(filter, bo)).toEqual([]);
  }
  expect(await list('', ana)).toMatchObject([
    { token: first, favorite: false },
    { token: second, favorite: true },
    { token: third, favorite: true },
  ]);
  for (const token of [second, first])
    expect((await favorite('DELETE', token, ana)).statusCode).toBe(204);
  expect(await found('favorite=true', ana)).toEqual([third]);
});

test('what was deleted or is no longer to be seen is no favorite, and is one again when it is back', async () => {
  const { call, tokens, favorite, found, own, admin, bo } = await openWithReports();
  const [first, second] = tokens;
  const report = (token: string) => `/api/acme/reports/${token}`;
  for (const token of [first, second]) await favorite('PUT', token, bo);
  await call('DELETE', report(first), admin);
  const move = (space_token: string) =>
    call('PATCH', report(second), admin, { report: { space_token } });
  expect((await move(own.token)).statusCode).toBe(200);
  expect(await found('favorite=true', bo)).toEqual([]);
  expect((await favorite('GET', second, bo)).statusCode).toBe(404);
  await call('PATCH', `/api/acme/deleted_reports/${first}/restore`, admin);
  await move('finance');
  expect(await found('favorite=true', bo)).toEqual([first, second]);
});

test('who is removed and added again has the favorites of before', async () => {
  const { database, acme, tokens, favorite, found, time, bo } = await openWithReports();
  await favorite('PUT', tokens[0], bo);
  const member = await findMember(database, acme.id, emails.bo);
  if (member) await removeMember(database, acme.id, member, { clock: () => time.nowMs });
  expect((await favorite('GET', tokens[0], bo)).statusCode).toBe(401);
  const again = await makeBasic(database, acme, 'member', emails.bo);
  expect(await found('favorite=true', again)).toEqual([tokens[0]]);
});

test('a member can have a thousand', async () => {
  const { database, acme, tokens, favorite, slotOf, ana } = await openWithReports();
  const slot = await slotOf('ana');
  await database.run(
    `insert into report_favorites (organization_id, member_slot, report_slot, created_at)
     with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000) select ?, ?, i + 9000, '' from n`,
    [acme.id, slot],
  );
  const refused = await favorite('PUT', tokens[0], ana);
  expect(refused.statusCode).toBe(409);
  expect(refused.json().message).toContain('1000');
});

test('what a member opened last is listed with the last first, and `me` is the caller’s own address', async () => {
  const { call, tokens, time, found, favorite, admin, ana, bo, putReport } =
    await openWithReports();
  const [first, second, third] = tokens;
  for (const token of [second, third, first]) {
    time.nowMs += 1000;
    await call('POST', `/api/acme/reports/${token}/views`, ana);
  }
  expect(await found('recently_viewed=true', ana)).toEqual([first, third, second]);
  expect(await found('recently_viewed=true&order_by=name', ana)).toEqual([first, second, third]);
  expect(await found('recently_viewed=true', bo)).toEqual([]);
  await favorite('PUT', second, ana);
  expect(await found('recently_viewed=true&favorite=true', ana)).toEqual([second]);
  const own = await putReport(4, { row: { creator_email: 'Ana@acme.example' } });
  expect(await found('creator=me', ana)).toEqual([own]);
  expect(await found('creator=me,ana@acme.example', bo)).toEqual([own]);
  expect(await found('creator=me', admin)).toEqual([]);
});
