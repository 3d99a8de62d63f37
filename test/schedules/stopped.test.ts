import { describe, expect, test } from 'vitest';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { startDueRuns } from '../../src/schedules/start-due.ts';
import { makeReport, rowOf } from '../support/runs.ts';
import { templates } from '../support/templates.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

const EMAIL = 'ana@acme.example';
const DAY_MS = 24 * 60 * 60 * 1000;

async function openAcme() {
  const workplace = await openWorkplace();
  const { database, send, get, time } = workplace;
  const acme = await makeOrganization(database);
  const admin = await makeBasic(database, acme);
  const ana = await makeBasic(database, acme, 'member', EMAIL);
  const report = await makeReport(database, acme, null, ['select 1']);
  const path = `/api/acme/reports/${report.token}/schedules`;
  const call = (method: 'POST' | 'PATCH', url: string, body?: object, authorization = admin) =>
    send({ method, url, headers: { authorization }, ...(body && { payload: body }) });
  const create = async (given = {}, by = ana) =>
    (
      await call('POST', path, { report_schedule: { cron: { freq: 'daily' }, ...given } }, by)
    ).json();
  const outside = { clock: () => time.nowMs };
  const remove = async () => {
    const member = await findMember(database, acme.id, EMAIL);
    if (member) await removeMember(database, acme.id, member, outside);
  };
  const started: number[] = [];
  const startDue = () =>
    startDueRuns({
      ...{ ...outside, database, identifiers: randomIdentifiers, templates, mostWaiting: 100 },
      onStarted: (late) => started.push(late),
      onFailure: (error) => {
        throw error;
      },
    });
  const audit = async (action: string) =>
    (await get(`/api/acme/audit_log?action=${action}`, admin)).json().entries;
  const stats = () => rowOf(database, acme, 'report_stats', 'parent', report.slot);
  const rollCall = async () => (await get('/api/acme/roll_call', admin)).json();
  const read = async ({ _links }: { _links: { self: { href: string } } }) =>
    (await get(_links.self.href, admin)).json();
  const steps = { call, create, remove, startDue, started, audit, stats, rollCall, read };
  return { ...workplace, acme, admin, ana, report, path, ...steps };
}

describe('a removed member’s schedules', () => {
  test('ran on as the removed member: they stop and say so until somebody takes them over', async () => {
    const {
      create,
      remove,
      read,
      startDue,
      started,
      time,
      audit,
      stats,
      rollCall,
      call,
      get,
      admin,
      database,
    } = await openAcme();
    const [active, paused] = [await create(), await create({ paused: true })];
    const other = await create({}, admin);
    await remove();
    const stopped = { state: 'paused', next_scheduled_run: null, owner_removed: true };
    expect(await read(active)).toMatchObject({
      ...stopped,
      stopped_at: '2026-11-23T12:00:00.000Z',
    });
    expect(await read(paused)).toMatchObject({ ...stopped, stopped_at: null });
    expect(await read(other)).toMatchObject({ state: 'active', owner_removed: false });
    const all = (await get('/api/acme/schedules', admin)).json()._embedded.report_schedules;
    expect(all.filter((one: { stopped_at: string }) => one.stopped_at !== null)).toHaveLength(1);
    expect(await rollCall()).toMatchObject({ stopped_schedules: 1 });
    expect(await stats()).toMatchObject({
      active_schedules_count: 1,
      scheduled_run_creators_emails: ['admin@acme.example'],
    });
    expect(await audit('schedule.stopped')).toMatchObject([
      { subject: { token: active.token }, detail: { report: active.report_token, owner: EMAIL } },
    ]);
    time.nowMs += DAY_MS;
    await startDue();
    expect(started).toHaveLength(1);

    const resumed = await call('PATCH', active._links.self.href, {
      report_schedule: { paused: false },
    });
    expect(resumed.statusCode).toBe(409);
    expect(resumed.json().hint).toContain('take_over');
    const taken = await call('POST', `${active._links.self.href}/take_over`);
    expect(taken.json()).toMatchObject({
      ...{ state: 'active', creator_email: 'admin@acme.example', owner_removed: false },
      ...{ stopped_at: null, next_scheduled_run: '2026-11-25T00:00:00.000+00:00' },
    });
    expect(await rollCall()).toMatchObject({ stopped_schedules: 0 });
    expect(await stats()).toMatchObject({ active_schedules_count: 2 });
    expect(await audit('schedule.taken_over')).toMatchObject([
      { member: 'admin@acme.example', detail: { from: EMAIL } },
    ]);
    // What the member had paused stays paused.
    const takenPaused = await call('POST', `${paused._links.self.href}/take_over`);
    expect(takenPaused.json()).toMatchObject({ state: 'paused', owner_removed: false });
    expect((await call('POST', `${paused._links.self.href}/take_over`)).statusCode).toBe(409);
    await database.run(`update runs set state = 'succeeded', ended_at = updated_at`);
    time.nowMs += DAY_MS;
    await startDue();
    expect(started).toHaveLength(3);
  });

  test('are not taken over from a member, nor by whom the report is hidden from', async () => {
    const { create, call, admin, ana, report, path } = await openAcme();
    const { _links, token } = await create({}, ana);
    const taken = await call('POST', `${_links.self.href}/take_over`, undefined, admin);
    expect(taken.statusCode).toBe(409);
    expect(taken.json().message).toContain(EMAIL);
    expect((await call('POST', `${path}/absent/take_over`)).statusCode).toBe(404);
    const elsewhere = path.replace(report.token, 'absent');
    expect((await call('POST', `${elsewhere}/${token}/take_over`)).statusCode).toBe(404);
  });

  test('stay stopped when the member comes back, until the member or another resumes them', async () => {
    const { create, remove, read, call, database, acme } = await openAcme();
    const [first, second] = [await create(), await create()];
    await remove();
    const back = await makeBasic(database, acme, 'member', EMAIL);
    for (const one of [first, second])
      expect(await read(one)).toMatchObject({
        ...{ state: 'paused', owner_removed: false, creator_email: EMAIL },
        stopped_at: expect.any(String),
      });
    const change = { report_schedule: { paused: false } };
    const resumed = await call('PATCH', first._links.self.href, change, back);
    expect(resumed.json()).toMatchObject({ state: 'active', stopped_at: null });
    const taken = await call('POST', `${second._links.self.href}/take_over`, undefined, back);
    expect(taken.json()).toMatchObject({ state: 'active', stopped_at: null, creator_email: EMAIL });
  });

  test('that an earlier version left active stop when they fall due', async () => {
    const { create, read, database, acme, time, startDue, started, audit, stats } =
      await openAcme();
    const schedule = await create();
    await database.run('delete from members where organization_id = ? and email = ?', [
      acme.id,
      EMAIL,
    ]);
    time.nowMs += DAY_MS;
    await startDue();
    expect(started).toEqual([]);
    expect(await read(schedule)).toMatchObject({ owner_removed: true, next_scheduled_run: null });
    expect(await stats()).toMatchObject({ active_schedules_count: 0 });
    expect(await audit('schedule.stopped')).toHaveLength(1);
    await startDue();
    expect(await audit('schedule.stopped')).toHaveLength(1);
  });
});
