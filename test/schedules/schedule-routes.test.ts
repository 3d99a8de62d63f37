import { describe, expect, test } from 'vitest';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { findMember } from '../../src/members/member-store.ts';
import { removeMember } from '../../src/schedules/remove-member.ts';
import { findSchedule } from '../../src/schedules/schedule-store.ts';
import { insertSpaceOwner } from '../../src/spaces/space-owner-store.ts';
import { putRows } from '../support/rows.ts';
import { enqueue, makeReport, rowOf } from '../support/runs.ts';
import { makeBasic, makeOrganization, openWorkplace } from '../support/workplace.ts';

const SQL = `{% form %}
region:
  type: select
  options: [north, south]
  default: north
{% endform %}
select {{ region }}`;

async function openAcme() {
  const workplace = await openWorkplace();
  const { database, send } = workplace;
  const acme = await makeOrganization(database);
  const admin = await makeBasic(database, acme);
  const ana = await makeBasic(database, acme, 'member', 'ana@acme.example');
  const report = await makeReport(database, acme, null, [SQL]);
  const path = `/api/acme/reports/${report.token}/schedules`;
  const request = (method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: object, by = ana) =>
    send({ method, url, headers: { authorization: by }, ...(body && { payload: body }) });
  const create = (given: object, by = ana) => request('POST', path, { report_schedule: given }, by);
  const stats = () => rowOf(database, acme, 'report_stats', 'parent', report.slot);
  return { ...workplace, acme, admin, ana, report, path, request, create, stats };
}

const daily = { freq: 'daily', hour: 20, time_zone: 'America/New_York' };

describe('a schedule', () => {
  test('is made, read, changed and deleted', async () => {
    const { create, get, request, ana, path, report } = await openAcme();
    const made = await create({ name: 'Evenings', cron: daily, params: { region: 'south' } });
    expect(made.statusCode).toBe(201);
    const schedule = made.json();
    expect(schedule).toMatchObject({
      name: 'Evenings',
      state: 'active',
      parameters: { region: 'south' },
      frequency: 'daily',
      time_zone: 'America/New_York',
      hour: '8:00 pm',
      minute: 'the top of the hour',
      cron_hour: 20,
      cron_minute: 0,
      next_scheduled_run: '2026-11-24T01:00:00.000+00:00',
      last_scheduled_run: null,
      report_token: report.token,
      creator_email: 'ana@acme.example',
    });
    const self = schedule._links.self.href;
    expect(self).toBe(`${path}/${schedule.token}`);
    expect((await get(self, ana)).json()).toEqual(schedule);
    expect((await get(path, ana)).json()._embedded.report_schedules).toEqual([schedule]);

    const cron = { freq: 'weekly', day_of_week: ['mon', 4], hour: '9', minute: 30 };
    const changed = await request('PATCH', self, { report_schedule: { cron } });
    expect(changed.json()).toMatchObject({
      name: 'Evenings',
      parameters: { region: 'south' },
      frequency: 'weekly',
      day_of_week: 'Monday,Thursday',
      hour: '9:00 am',
      minute: '30 minutes past the hour',
      next_scheduled_run: '2026-11-26T09:30:00.000+00:00',
    });
    expect((await request('DELETE', self)).statusCode).toBe(204);
    expect((await get(self, ana)).statusCode).toBe(404);
    expect((await get(path, ana)).json().pagination.total_count).toBe(0);
  });

  test('goes by a pattern of cron as well', async () => {
    const { create } = await openAcme();
    const cron = { cron: ' */5  9-17 * * 1-5', time_zone: 'Europe/Berlin' };
    expect((await create({ cron })).json()).toMatchObject({
      frequency: 'cron',
      cron: '*/5 9-17 * * 1-5',
      hour: null,
      cron_hour: null,
      next_scheduled_run: '2026-11-23T12:05:00.000+00:00',
    });
  });

  test('that is paused waits for nothing, and begins anew when it is let go on', async () => {
    const { create, request, time } = await openAcme();
    const paused = (await create({ cron: { freq: 'hourly', minute: 5 }, paused: true })).json();
    expect(paused).toMatchObject({ state: 'paused', paused: true, next_scheduled_run: null });
    time.nowMs += 5 * 3_600_000;
    const self = paused._links.self.href;
    const change = { report_schedule: { paused: false } };
    expect((await request('PATCH', self, change)).json()).toMatchObject({
      state: 'active',
      next_scheduled_run: '2026-11-23T17:05:00.000+00:00',
    });
  });

  test('keeps its next time when something else of it is changed', async () => {
    const { create, request, time } = await openAcme();
    const schedule = (await create({ cron: { freq: 'every_30_minutes' } })).json();
    time.nowMs += 40 * 60_000;
    const change = { report_schedule: { name: 'Often' } };
    const changed = await request('PATCH', schedule._links.self.href, change);
    expect(changed.json().next_scheduled_run).toBe(schedule.next_scheduled_run);
  });

  test('changes only in the state that the caller knows', async () => {
    const { create, request, send, ana } = await openAcme();
    const made = await create({ cron: daily });
    const self = made.json()._links.self.href;
    await request('PATCH', self, { report_schedule: { name: 'Other' } });
    const late = await send({
      method: 'PATCH',
      url: self,
      headers: { authorization: ana, 'if-match': String(made.headers.etag) },
      payload: { report_schedule: { name: 'Mine' } },
    });
    expect(late.statusCode).toBe(412);
  });

  test('shows in the stats of its report while it is active', async () => {
    const { create, request, stats, admin } = await openAcme();
    const first = (await create({ cron: daily })).json();
    const second = (await create({ cron: daily }, admin)).json();
    expect(await stats()).toMatchObject({
      active_schedules_count: 2,
      scheduled_run_creators_emails: ['ana@acme.example', 'admin@acme.example'],
      view_count: 0,
    });
    await request('PATCH', first._links.self.href, { report_schedule: { paused: true } });
    expect(await stats()).toMatchObject({
      active_schedules_count: 1,
      scheduled_run_creators_emails: ['admin@acme.example'],
    });
    await request('DELETE', second._links.self.href, undefined, admin);
    expect(await stats()).toMatchObject({
      active_schedules_count: 0,
      scheduled_run_creators_emails: [],
    });
  });

  test('stays when whose it is has left', async () => {
    const { create, get, database, acme, admin, time } = await openAcme();
    const self = (await create({ cron: daily })).json()._links.self.href;
    const ana = await findMember(database, acme.id, 'ana@acme.example');
    if (ana === undefined) throw new Error('There is no such member.');
    await removeMember(database, acme.id, ana, { clock: () => time.nowMs });
    const shown = (await get(self, admin)).json();
    expect(shown.creator_email).toBe('ana@acme.example');
    expect(shown._links.creator).toBeUndefined();
  });

  test('lists the runs that it started, newest first, and no others', async () => {
    const workplace = await openAcme();
    const { create, get, database, acme, ana, report } = workplace;
    const [first, second] = [await create({ cron: daily }), await create({ cron: daily })];
    const { token, _links: links } = first.json();
    expect(links.runs.href).toBe(`${links.self.href}/runs`);
    expect((await get(links.runs.href, ana)).json()._embedded.report_runs).toEqual([]);

    const numberOf = async ({ token }: { token: string }) =>
      (await findSchedule(database, acme.id, 'token', token))?.number ?? null;
    const started: string[] = [];
    for (const scheduleNumber of [await numberOf({ token }), await numberOf({ token })]) {
      const run = await enqueue(workplace, acme, report, { scheduleNumber });
      started.unshift(run.token);
      await enqueue(workplace, acme, report);
    }
    await enqueue(workplace, acme, report, { scheduleNumber: await numberOf(second.json()) });

    const page = (await get(`${links.runs.href}?per_page=1`, ana)).json();
    expect(page.pagination).toMatchObject({ count: 1, total_count: 2, total_pages: 2 });
    const next = (await get(page._links.next_page.href, ana)).json();
    const shown = [...page._embedded.report_runs, ...next._embedded.report_runs];
    expect(shown.map((run) => run.token)).toEqual(started);
    for (const { _links } of shown) expect(_links.report_schedule).toEqual(links.self);
    for (const path of [
      links.runs.href.replace(token, 'absent'),
      links.runs.href.replace(report.token, 'absent'),
    ]) {
      expect((await get(path, ana)).statusCode).toBe(404);
    }
  });
});

describe('the refusal names the field', () => {
  test('of a new schedule', async () => {
    const { create, path, get, ana } = await openAcme();
    for (const [given, field] of [
      [{}, 'cron'],
      [{ cron: {} }, 'cron.freq'],
      [{ cron: { freq: 'yearly' } }, 'cron.freq'],
      [{ cron: { freq: 'weekly' } }, 'cron.day_of_week'],
      [{ cron: { freq: 'weekly', day_of_week: 'Caturday' } }, 'cron.day_of_week'],
      [{ cron: { freq: 'weekly', day_of_week: 7 } }, 'cron.day_of_week'],
      [{ cron: { freq: 'weekly', day_of_week: [] } }, 'cron.day_of_week'],
      [{ cron: { freq: 'monthly' } }, 'cron.day_of_month'],
      [{ cron: { freq: 'monthly', day_of_month: 32 } }, 'cron.day_of_month'],
      [{ cron: { freq: 'daily', hour: 24 } }, 'cron.hour'],
      [{ cron: { freq: 'daily', hour: '99' } }, 'cron.hour'],
      [{ cron: { freq: 'daily', minute: 1.5 } }, 'cron.minute'],
      [{ cron: { freq: 'daily', time_zone: 'Mars/Olympus' } }, 'cron.time_zone'],
      [{ cron: { freq: 'daily', cron: '* * * * *' } }, 'cron.freq'],
      [{ cron: { cron: '* * * *' } }, 'cron.cron'],
      [{ cron: { cron: '0 0 30 2 *' } }, 'cron.cron'],
      [{ cron: daily, name: 'x'.repeat(256) }, 'name'],
      [{ cron: daily, name: '\0' }, 'name'],
      [{ cron: daily, params: { nope: 1 } }, 'params.nope'],
      [{ cron: daily, params: { region: 'west' } }, 'params.region'],
      [{ cron: daily, params: 7 }, 'params'],
      [{ cron: daily, paused: 'yes' }, 'paused'],
    ] as const) {
      const response = await create(given);
      expect(response.statusCode, JSON.stringify(given)).toBe(400);
      expect(response.json().message).toContain(field);
    }
    expect((await get(path, ana)).json().pagination.total_count).toBe(0);
  });

  test('of a change without anything to change', async () => {
    const { create, request } = await openAcme();
    const self = (await create({ cron: daily })).json()._links.self.href;
    expect((await request('PATCH', self, { report_schedule: {} })).statusCode).toBe(400);
    expect((await request('PATCH', self, {})).statusCode).toBe(400);
  });
});

describe('a report in another’s personal space', () => {
  test('has no schedules for those who may not see it', async () => {
    const { database, acme, admin, ana, get, request, report } = await openAcme();
    const ben = await makeBasic(database, acme, 'member', 'ben@acme.example');
    const member = await findMember(database, acme.id, 'ben@acme.example');
    const token = randomIdentifiers.token();
    const id = Number.parseInt(token, 16);
    const [space = 0] = await putRows(
      database,
      acme,
      lists.spaces,
      [{ id, token, space_type: 'private' }],
      { personal: true },
    );
    await insertSpaceOwner(database, acme.id, {
      spaceSlot: space,
      memberSlot: member?.slot ?? 0,
    });
    const [row] = await findRows(database, acme.id, lists.reports, 'slot', [report.slot]);
    await database.transaction((store) =>
      changeRows(store, acme.id, async (writer) => {
        if (row) await writer.update(lists.reports, [{ ...row, personal: true, parent: space }]);
      }),
    );
    const path = `/api/acme/reports/${report.token}/schedules`;
    const given = { report_schedule: { cron: daily } };
    const made = (await request('POST', path, given, ben)).json();
    const self = made._links.self.href;
    const nowhere = await get(`/api/acme/reports/${randomIdentifiers.token()}/schedules`, ana);
    for (const response of [
      await get(path, ana),
      await get(self, ana),
      await get(made._links.runs.href, ana),
      await request('POST', path, given),
      await request('PATCH', self, { report_schedule: { paused: true } }),
      await request('DELETE', self),
    ]) {
      expect(response.statusCode).toBe(404);
      expect(response.body).toBe(nowhere.body);
    }
    const counts = await Promise.all(
      [ana, ben, admin].map(async (caller) => {
        const { pagination } = (await get('/api/acme/schedules', caller)).json();
        return pagination.total_count;
      }),
    );
    expect(counts).toEqual([0, 1, 1]);
    expect((await get(self, admin)).json()).toEqual(made);
  });
});

test('a schedule is found below its own report alone', async () => {
  const { create, get, database, acme, ana } = await openAcme();
  const { token } = (await create({ cron: daily })).json();
  const other = await makeReport(database, acme, null, ['select 1']);
  expect((await get(`/api/acme/reports/${other.token}/schedules/${token}`, ana)).statusCode).toBe(
    404,
  );
});

test('the organization’s list has pages, and leaves out what is archived', async () => {
  const { create, get, database, acme, ana, report } = await openAcme();
  for (let number = 1; number <= 35; number++) await create({ name: `${number}`, cron: daily });
  const page = (await get('/api/acme/schedules?page=2', ana)).json();
  expect(page.pagination).toMatchObject({ count: 5, total_count: 35, total_pages: 2 });
  expect(page._embedded.report_schedules[0].name).toBe('31');
  const all = (await get('/api/acme/schedules?per_page=500', ana)).json();
  expect(all.pagination).toMatchObject({ per_page: 100, count: 35 });
  expect((await get('/api/acme/schedules?page=0', ana)).statusCode).toBe(400);

  const [row] = await findRows(database, acme.id, lists.reports, 'slot', [report.slot]);
  await database.transaction((store) =>
    changeRows(store, acme.id, async (writer) => {
      if (row) await writer.update(lists.reports, [{ ...row, archived: true }]);
    }),
  );
  expect((await get('/api/acme/schedules', ana)).json().pagination.total_count).toBe(0);
});
