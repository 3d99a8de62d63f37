import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import type { StoredRow } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { addMember } from '../../src/members/change-members.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { listRuns } from '../../src/runs/run-store.ts';
import { findSchedule, type Schedule, updateSchedule } from '../../src/schedules/schedule-store.ts';
import { startDueRuns } from '../../src/schedules/start-due.ts';
import { rounds } from '../support/rounds.ts';
import { enqueue, makeReport, makeWorker } from '../support/runs.ts';
import { putSchedule } from '../support/schedules.ts';
import { templates } from '../support/templates.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeOrganization, openWorkplace, temporaryFolder } from '../support/workplace.ts';

const MINUTE_MS = 60_000;
const DUE = '2026-11-23T12:05:00.000Z';
/** Many times as many as a process starts beside one another. */
const AT_ONCE = rounds({ usual: 200, full: 1000 });

async function openAcme() {
  const workplace = await openWorkplace();
  const { database, time } = workplace;
  const acme = await makeOrganization(database);
  const report = await makeReport(database, acme, null, ['select 1']);
  const late: number[] = [];
  const failures: Error[] = [];
  const parts = {
    database,
    clock: () => time.nowMs,
    identifiers: randomIdentifiers,
    templates,
    mostWaiting: 10_000,
    onStarted: (ms: number) => late.push(ms),
    onFailure: (error: Error) => failures.push(error),
  };
  const at = (iso: string) => {
    time.nowMs = Date.parse(iso);
    return startDueRuns(parts);
  };
  const found = async ({ number }: Schedule) =>
    (await findSchedule(database, acme.id, 'number', number)) as Schedule;
  return { ...workplace, acme, report, parts, late, failures, at, found };
}

/** Ends every run as if a worker had done so. */
async function endRuns(database: Database, state: 'succeeded' | 'failed' | 'cancelled') {
  await database.run('update runs set state = ?, ended_at = updated_at where ended_at is null', [
    state,
  ]);
}

async function runsOf(database: Database, acme: Organization, { number }: Schedule) {
  const { runs } = await listRuns(
    database,
    acme.id,
    { scheduleNumber: number },
    { offset: 0, limit: 5000 },
  );
  return runs;
}

/** Writes the row of a report again, archived or not. */
async function archive(database: Database, acme: Organization, report: StoredRow, yes: boolean) {
  await database.transaction((store) =>
    changeRows(store, acme.id, (writer) =>
      writer.update(lists.reports, [{ ...report, archived: yes }]),
    ),
  );
}

describe('a schedule that overtook itself: what falls due before its last run has ended', () => {
  async function openRunning() {
    const opened = await openAcme();
    const { acme, report, database, at } = opened;
    const schedule = await putSchedule(database, acme, { reportSlot: report.slot, nextAt: DUE });
    await at('2026-11-23T12:05:00.250Z');
    const states = async () =>
      (await runsOf(database, acme, schedule)).map(({ state }) => state).toReversed();
    return { ...opened, schedule, states };
  }

  const refusal =
    'The previous run of this schedule, queued at 2026-11-23T12:05:00.250Z, had not ended. ' +
    'Run it less often, or make its queries faster.';

  test('is skipped and said once, whether the run waits or goes on', async () => {
    const { database, at, found, failures, schedule, states } = await openRunning();
    await at('2026-11-23T12:10:00.000Z');
    await database.run("update runs set state = 'running'");
    await at('2026-11-23T12:15:00.000Z');
    expect(await states()).toEqual(['running']);
    expect(failures).toMatchObject([{ id: 'conflict' }]);
    expect(await found(schedule)).toMatchObject({
      lastScheduledAt: DUE,
      refusedAt: '2026-11-23T12:15:00.000Z',
      refusal,
      nextAt: '2026-11-23T12:20:00.000Z',
    });
  });

  test.each(['succeeded', 'failed', 'cancelled'] as const)(
    'runs again at the next time once the run has %s',
    async (state) => {
      const { database, at, found, failures, schedule, states } = await openRunning();
      await at('2026-11-23T12:10:00.000Z');
      await endRuns(database, state);
      await at('2026-11-23T12:14:59.999Z');
      expect(await states()).toEqual([state]);
      await at('2026-11-23T12:15:00.000Z');
      expect(await states()).toEqual([state, 'waiting']);
      expect(await found(schedule)).toMatchObject({ refusedAt: null, refusal: null });
      await at('2026-11-23T12:20:00.000Z');
      expect(failures).toHaveLength(2); // it is said again of another run
    },
  );

  test('is not skipped for a run that a person or another schedule started', async () => {
    const { acme, report, database, time, at, found, schedule, states } = await openRunning();
    const other = await putSchedule(database, acme, {
      reportSlot: report.slot,
      nextAt: '2026-11-23T12:10:00.000Z',
    });
    await endRuns(database, 'succeeded');
    await enqueue({ database, time }, acme, report);
    await at('2026-11-23T12:10:00.000Z');
    expect(await states()).toEqual(['succeeded', 'waiting']);
    expect(await runsOf(database, acme, other)).toHaveLength(1);
    expect(await found(schedule)).toMatchObject({ refusal: null });
  });

  test('is skipped after a pause and a change of parameters, too', async () => {
    const { acme, database, at, found, schedule, states } = await openRunning();
    const given = { ...(await found(schedule)), name: 'Other', nextAt: null };
    await updateSchedule(database, acme.id, given);
    await at('2026-11-23T12:10:00.000Z');
    expect(await found(schedule)).toMatchObject({ refusal: null, nextAt: null });
    await updateSchedule(database, acme.id, { ...given, nextAt: '2026-11-23T12:15:00.000Z' });
    await at('2026-11-23T12:15:00.000Z');
    expect(await states()).toEqual(['waiting']);
    expect(await found(schedule)).toMatchObject({ refusal });
  });

  test('is skipped once by two processes that look at the same time', async () => {
    const { config, database, parts, time, failures, schedule, states } = await openRunning();
    const other = await openStore(config);
    time.nowMs = Date.parse('2026-11-23T12:10:00.000Z');
    await Promise.all(
      [database, other].map((store) => startDueRuns({ ...parts, database: store })),
    );
    await other.close();
    expect(await states()).toEqual(['waiting']);
    expect(failures).toHaveLength(1);
    expect(schedule.nextAt).toBe(DUE);
  });
});

test('a schedule did not say that its runs fail, for its data source was deleted', async () => {
  const { acme, report, database, at, found } = await openAcme();
  const schedule = await putSchedule(database, acme, { reportSlot: report.slot, nextAt: DUE });
  await at('2026-11-23T12:05:00.000Z');
  expect((await found(schedule)).lastFailure).toBeNull();
  const worker = makeWorker({ database, time: { nowMs: Date.parse(DUE) } }, temporaryFolder());
  worker.wake();
  const message = 'The query has no data source. Choose another data source for the query.';
  await waitFor(async () =>
    expect((await found(schedule)).lastFailure).toEqual({ query: 'Query 1', message }),
  );
  await at('2026-11-23T12:10:00.000Z');
  expect((await found(schedule)).lastFailure).toEqual({ query: 'Query 1', message });
  await endRuns(database, 'succeeded');
  expect((await found(schedule)).lastFailure).toBeNull();
});

describe('what is due', () => {
  test('starts once, with its parameters, for whose schedule it is', async () => {
    const { acme, report, database, at, found, late } = await openAcme();
    const outside = { clock: systemClock, identifiers: randomIdentifiers };
    const owner = { email: 'ana@acme.example', role: 'member' } as const;
    const { slot: creatorSlot } = await addMember(database, acme.id, owner, outside);
    const given = { parameters: {}, creatorSlot, reportSlot: report.slot, nextAt: DUE };
    const schedule = await putSchedule(database, acme, given);
    await at('2026-11-23T12:04:59.999Z');
    expect(await runsOf(database, acme, schedule)).toEqual([]);
    await at('2026-11-23T12:05:00.250Z');
    await at('2026-11-23T12:05:01.250Z');
    const [run, ...more] = await runsOf(database, acme, schedule);
    expect(run).toMatchObject({
      reportSlot: report.slot,
      memberSlot: creatorSlot,
      state: 'waiting',
    });
    expect(more).toEqual([]);
    expect(late).toEqual([250]);
    expect(await found(schedule)).toMatchObject({
      lastScheduledAt: DUE,
      nextAt: '2026-11-23T12:10:00.000Z',
    });
  });

  test('after a stop is made up for by one run', async () => {
    const { acme, report, database, at, found } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE };
    const schedule = await putSchedule(database, acme, given);
    await at('2026-11-24T07:33:00.000Z');
    expect(await runsOf(database, acme, schedule)).toHaveLength(1);
    expect((await found(schedule)).nextAt).toBe('2026-11-24T07:35:00.000Z');
  });

  test('comes once for each time, though the clock goes back', async () => {
    const { acme, report, database, at } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE };
    const schedule = await putSchedule(database, acme, given);
    await at('2026-11-23T12:05:00.000Z');
    await endRuns(database, 'succeeded');
    await at('2026-11-23T13:07:00.000Z'); // an hour ahead
    await endRuns(database, 'succeeded');
    await at('2026-11-23T12:07:00.000Z'); // and back
    for (let minute = 10; minute < 60; minute += 5) await at(`2026-11-23T12:${minute}:00.000Z`);
    expect(await runsOf(database, acme, schedule)).toHaveLength(2);
    await at('2026-11-23T13:10:00.000Z');
    expect(await runsOf(database, acme, schedule)).toHaveLength(3);
  });

  test('does not start for a report that is archived, and goes on once it is back', async () => {
    const { acme, report, database, at, found } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE };
    const schedule = await putSchedule(database, acme, given);
    await archive(database, acme, report, true);
    await at('2026-11-23T12:06:00.000Z');
    expect(await found(schedule)).toMatchObject({ lastScheduledAt: null });
    await archive(database, acme, report, false);
    await at('2026-11-23T12:07:00.000Z');
    expect(await runsOf(database, acme, schedule)).toEqual([]);
    await at('2026-11-23T12:10:00.000Z');
    expect(await runsOf(database, acme, schedule)).toHaveLength(1);
  });

  test('of a report that was deleted is forgotten', async () => {
    const { acme, report, database, time, at, found } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE };
    const schedule = await putSchedule(database, acme, given);
    await database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        writer.remove(lists.reports, [report.slot], time.nowMs),
      ),
    );
    await at('2026-11-23T12:06:00.000Z');
    expect(await found(schedule)).toBeUndefined();
  });

  test('is passed over and told where as many runs wait as may', async () => {
    const { acme, report, database, parts, time, failures } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE };
    const schedules = [
      await putSchedule(database, acme, given),
      await putSchedule(database, acme, given),
    ];
    time.nowMs = Date.parse(DUE);
    await startDueRuns({ ...parts, mostWaiting: 1 });
    const runs = await Promise.all(schedules.map((one) => runsOf(database, acme, one)));
    expect(runs.flat()).toHaveLength(1);
    expect(failures).toMatchObject([{ id: 'queue_full' }]);
  });

  test('that cannot be started is passed over and told, and keeps nothing else waiting', async () => {
    const { acme, report, database, at, found, failures } = await openAcme();
    const empty = await makeReport(database, acme, null, []);
    const wrong = await putSchedule(database, acme, { reportSlot: empty.slot, nextAt: DUE });
    const right = await putSchedule(database, acme, { reportSlot: report.slot, nextAt: DUE });
    await at('2026-11-23T12:05:00.000Z');
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('no queries')]);
    expect(await found(wrong)).toMatchObject({
      lastScheduledAt: null,
      refusedAt: DUE,
      refusal: 'The report has no queries, so there is nothing to run. Add a query to it.',
      nextAt: '2026-11-23T12:10:00.000Z',
    });
    expect(await runsOf(database, acme, right)).toHaveLength(1);
    expect(await found(right)).toMatchObject({ refusedAt: null, refusal: null });
  });

  test('says why it could not be started until it was', async () => {
    const { acme, report, database, at, found } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE, parameters: { gone: 1 } };
    const schedule = await putSchedule(database, acme, given);
    await at('2026-11-23T12:05:00.000Z');
    const refusal = 'The report has no parameter "gone"; it has none.';
    expect(await found(schedule)).toMatchObject({ refusedAt: DUE, refusal });
    await archive(database, acme, report, true);
    await at('2026-11-23T12:10:00.000Z');
    expect(await found(schedule)).toMatchObject({ refusedAt: DUE, refusal });
    await archive(database, acme, report, false);
    await at('2026-11-23T12:15:00.000Z');
    expect((await found(schedule)).refusedAt).toBe('2026-11-23T12:15:00.000Z');

    await updateSchedule(database, acme.id, { ...(await found(schedule)), parameters: {} });
    expect((await found(schedule)).refusal).toBe(refusal);
    await at('2026-11-23T12:20:00.000Z');
    const now = { lastScheduledAt: '2026-11-23T12:20:00.000Z', refusedAt: null, refusal: null };
    expect(await found(schedule)).toMatchObject(now);
  });

  test('leaves what went wrong in the server to its log', async () => {
    const { acme, report, database, time, parts, failures, found } = await openAcme();
    const given = { reportSlot: report.slot, nextAt: DUE };
    const schedule = await putSchedule(database, acme, given);
    time.nowMs = Date.parse(DUE);
    const fault = () => {
      throw new Error('no token of user 7');
    };
    await startDueRuns({ ...parts, identifiers: { ...parts.identifiers, token: fault } });
    expect(failures.map(({ message }) => message)).toEqual(['no token of user 7']);
    expect((await found(schedule)).refusal).toBe('The server failed; the cause is in its log.');
  });
});

test('a schedule that cannot be read kept those of all other organizations from starting', async () => {
  const { acme, report, database, time, parts, failures } = await openAcme();
  const rival = await makeOrganization(database, 'rival');
  const theirs = await makeReport(database, rival, null, ['select 1']);
  const nextAt = '2026-11-23T12:00:00.000Z';
  for (let count = 0; count < 25; count++)
    await putSchedule(database, acme, { reportSlot: report.slot, nextAt });
  await database.run("update schedules set timing = 'often'");
  const right = await putSchedule(database, rival, { reportSlot: theirs.slot, nextAt: DUE });
  time.nowMs = Date.parse(DUE);
  await expect(startDueRuns(parts)).rejects.toThrow(SyntaxError);
  expect(failures).toHaveLength(1);
  expect(await runsOf(database, rival, right)).toHaveLength(1);
});

test(`${AT_ONCE} that are due in one minute are all started, once, by two processes that share them`, async () => {
  const { acme, config, report, database, parts, late, failures } = await openAcme();
  const nowMs = Date.parse(DUE) + MINUTE_MS / 2;
  const numbers: number[] = [];
  for (let count = 0; count < AT_ONCE; count++) {
    const nextAt = new Date(Date.parse(DUE) + (count % 30) * 1000).toISOString();
    const { number } = await putSchedule(database, acme, { reportSlot: report.slot, nextAt });
    numbers.push(number);
  }
  const other = await openStore(config);
  await Promise.all(
    [database, other].map((store) =>
      startDueRuns({ ...parts, database: store, clock: () => nowMs }),
    ),
  );
  await other.close();
  expect(failures).toEqual([]);
  expect(late).toHaveLength(AT_ONCE);
  expect(Math.max(...late)).toBe(MINUTE_MS / 2);
  const { runs } = await listRuns(
    database,
    acme.id,
    { reportSlot: report.slot },
    { offset: 0, limit: 5000 },
  );
  expect(runs.map(({ scheduleNumber }) => scheduleNumber).toSorted()).toEqual(numbers.toSorted());
  const next = await database.all('select distinct next_at from schedules');
  expect(next).toEqual([{ next_at: '2026-11-23T12:10:00.000Z' }]);
});
