import { describe, expect, test } from 'vitest';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { emails, openAcme } from '../support/acme.ts';
import { makeBearer } from '../support/workplace.ts';

const MINUTE = 60_000;

async function openWithReport() {
  const workplace = await openAcme();
  const { call, get, database, acme, putReport, time } = workplace;
  const token = await putReport(7);
  const path = `/api/acme/reports/${token}/views`;
  const bearer = await makeBearer(database, acme);
  const listed = async (list: string, field: string, value: string) => {
    const rows = (await get(`/batch/acme/${list}`, bearer)).json()[list];
    return rows.find((row: Record<string, unknown>) => row[field] === value);
  };
  return {
    ...workplace,
    token,
    path,
    view: async (authorization: string, afterMinutes = 0) => {
      time.nowMs += afterMinutes * MINUTE;
      const response = await call('POST', path, authorization);
      expect(response.statusCode, response.body).toBe(204);
    },
    report: () => listed('reports', 'token', token),
    stats: () => listed('report_stats', 'report_token', token),
    member: () => listed('members', 'member_email', emails.ana),
    readers: async (authorization: string) => (await get(path, authorization)).json(),
  };
}

test('a view shows in every list at once, and is no edit', async () => {
  const { view, report, stats, member, ana } = await openWithReport();
  const before = await report();
  await view(ana);
  const at = '2026-11-23T12:00:00.000Z';
  expect(await report()).toEqual({ ...before, last_viewed_at: at });
  expect(await stats()).toMatchObject({ view_count: 1, total_views_count: 1 });
  expect(await member()).toMatchObject({
    last_report_viewed_at: '2026-11-23T12:00:00Z',
    total_days_engaged: 1,
  });
});

test('a visit counts once, until its member has not come back for half an hour', async () => {
  const { view, stats, report, ana, bo } = await openWithReport();
  await view(ana);
  await view(ana, 29);
  await view(ana, 29);
  expect((await stats()).view_count).toBe(1);
  await view(bo);
  expect((await stats()).view_count).toBe(2);
  await view(ana, 30);
  expect((await stats()).view_count).toBe(3);
  expect((await report()).last_viewed_at).toBe('2026-11-23T13:28:00.000Z');
});

test('views at once of one person are one visit', async () => {
  const { view, stats, ana } = await openWithReport();
  await Promise.all(Array.from({ length: 8 }, () => view(ana)));
  expect((await stats()).view_count).toBe(1);
});

test('a day on which a member reads counts once', async () => {
  const { view, member, ana } = await openWithReport();
  for (const minutes of [0, 31, 24 * 60]) await view(ana, minutes);
  expect((await member()).total_days_engaged).toBe(2);
});

test('an imported report that is opened stays the import’s', async () => {
  const { view, database, acme, ana } = await openWithReport();
  await database.run('insert into sources (organization_id, name) values (?, ?)', [
    acme.id,
    'mode',
  ]);
  const source = await database.get<{ id: number }>('select id from sources');
  await database.run('update discovery_rows set source_id = ? where list < 3', [source?.id ?? 0]);
  await view(ana);
  const own = await database.all(
    'select token from discovery_rows where list < 3 and source_id is null',
  );
  expect(own).toEqual([]);
});

describe('who reads a report', () => {
  test('is listed, who came last first', async () => {
    const { view, readers, call, ana, bo } = await openWithReport();
    await view(ana);
    await view(bo, 1);
    await view(ana, 40);
    const page = await readers(bo);
    expect(page.pagination).toMatchObject({ total_count: 2, per_page: 30 });
    expect(page._embedded.views).toEqual([
      {
        member_email: emails.ana,
        member_username: 'ana',
        view_count: 2,
        last_viewed_at: '2026-11-23T12:41:00.000Z',
        _links: { member: { href: expect.stringMatching(/^\/api\/acme\/members\/[0-9a-f]{12}$/) } },
      },
      expect.objectContaining({ member_email: emails.bo, view_count: 1 }),
    ]);
    const { href } = page._embedded.views[0]._links.member;
    expect((await call('GET', href, bo)).json().email).toBe(emails.ana);
  });

  test('keeps its number when a member was removed', async () => {
    const { view, readers, database, acme, time, ana, bo } = await openWithReport();
    await view(ana);
    const member = await findMember(database, acme.id, emails.ana);
    if (member) await removeMember(database, acme.id, member, { clock: () => time.nowMs });
    expect((await readers(bo))._embedded.views).toEqual([
      {
        member_email: null,
        member_username: null,
        view_count: 1,
        last_viewed_at: '2026-11-23T12:00:00.000Z',
        _links: {},
      },
    ]);
  });

  test('is nobody’s business where the report is not', async () => {
    const { call, putReport, ana, bo, admin } = await openWithReport();
    const path = `/api/acme/reports/${await putReport(8, { in: 'own' })}/views`;
    for (const method of ['GET', 'POST'] as const) {
      const hidden = await call(method, path, bo);
      expect(hidden.statusCode).toBe(404);
      const absent = await call(method, '/api/acme/reports/0123456789ab/views', bo);
      expect(hidden.body).toBe(absent.body);
      expect((await call(method, path, ana)).statusCode).toBeLessThan(300);
      expect((await call(method, path, admin)).statusCode).toBeLessThan(300);
    }
  });
});
