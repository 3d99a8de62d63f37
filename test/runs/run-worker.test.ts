import { describe, expect, test } from 'vitest';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { patchRow } from '../../src/inventory/patch-row.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { addMember } from '../../src/members/change-members.ts';
import { expireRuns } from '../../src/runs/expire-runs.ts';
import { logRuns } from '../../src/runs/log-runs.ts';
import { expireResults, findChunk } from '../../src/runs/result-store.ts';
import type { QueryRun, Run } from '../../src/runs/run.ts';
import {
  type ClaimedRun,
  cancelRun,
  claimRun,
  finishRun,
  keepOutcome,
  LEASE_MS,
  RunLostError,
  recoverLostRuns,
} from '../../src/runs/run-queue.ts';
import { deleteRunsOfReport, findPreview, findRun } from '../../src/runs/run-store.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { ENDLESS, openWithFiles, reportRowOf } from '../support/run-files.ts';
import { enqueue, makeReport, makeWorker, queryRunsOf, rowOf } from '../support/runs.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeOrganization } from '../support/workplace.ts';

test('a run succeeds, its results are kept, and the Discovery lists say so', async () => {
  const workplace = await openWithFiles();
  const { database, acme, filesDir, source, ended, time, clock } = workplace;
  const report = await makeReport(database, acme, source, [
    'select * from cities order by city',
    "select sum(people) as people from cities where city <> '{{ name }}'",
  ]);
  const member = await addMember(
    database,
    acme.id,
    { email: 'ana@acme.example', role: 'member' },
    { clock, identifiers: randomIdentifiers },
  );
  const lines: object[] = [];
  const log = (level: string) => (facts: object, msg: string) =>
    void lines.push({ level, ...facts, msg });
  const counted: string[] = [];
  const counts = { runEnded: (state: string) => void counted.push(state), runLost() {} };
  const told = logRuns(counts, () => ({ info: log('info'), warn: log('warn') }));
  const worker = makeWorker(workplace, filesDir, told);
  const asked = { parameters: { name: 'Ulm' }, memberSlot: member.slot };
  const run = await enqueue(workplace, acme, report, asked);
  expect(run.state).toBe('waiting');
  expect(await reportRowOf(workplace, report.slot)).toMatchObject({ last_run_at: null });
  worker.wake();
  expect(await ended(run)).toMatchObject({ state: 'succeeded', attempt: 1, timesLost: 0 });

  const [first, second] = await queryRunsOf(database, acme, run);
  expect(first).toMatchObject({
    state: 'succeeded',
    failure: null,
    result: { rows: 2, truncated: false, columns: [{ name: 'city' }, { name: 'people' }] },
  });
  expect(second?.renderedSource).toContain('$1');
  expect(JSON.parse((await findPreview(database, acme.id, second as QueryRun)) ?? '')).toEqual([
    [336],
  ]);
  const chunk = await findChunk(database, acme.id, first as QueryRun, 0);
  expect(Buffer.from(chunk as Uint8Array).toString('latin1', 0, 4)).toBe('PAR1');

  const now = new Date(time.nowMs).toISOString();
  expect(await reportRowOf(workplace, report.slot)).toMatchObject({
    last_run_at: now,
    last_run_token: run.token,
    last_run_state: 'succeeded',
    last_successfully_run_at: now,
    updated_at: now,
    edited_at: null,
  });
  expect(await rowOf(database, acme, 'report_stats', 'parent', report.slot)).toMatchObject({
    recent_manual_run_creators_emails: ['ana@acme.example'],
    scheduled_run_creators_emails: [],
  });
  expect(await rowOf(database, acme, 'members', 'slot', member.slot)).toMatchObject({
    last_report_run_at: `${now.slice(0, 19)}Z`,
  });

  const wrong = await makeReport(database, acme, source, ['select nothing_at_all']);
  const failed = await enqueue(workplace, acme, wrong);
  worker.wake();
  await ended(failed);
  await waitFor(() => expect(lines).toHaveLength(4));
  const facts = { organization: 'acme', schedule: null, attempt: 1 };
  const ran = { ...facts, report: report.token, run: run.token };
  const broke = { ...facts, report: wrong.token, run: failed.token };
  expect(lines).toMatchObject([
    { level: 'info', ...ran, msg: 'run started' },
    { level: 'info', ...ran, state: 'succeeded', ms: expect.any(Number), msg: 'run ended' },
    { level: 'info', ...broke, msg: 'run started' },
    { level: 'info', ...broke, state: 'failed', code: 'sql_error', msg: 'run ended' },
  ]);
  expect(lines[3]).toHaveProperty('reason', expect.stringContaining('nothing_at_all'));
  expect(counted).toEqual(['succeeded', 'failed']);
});

test('who ran a report lately stands first, and whose schedule runs it elsewhere', async () => {
  const workplace = await openWithFiles();
  const { database, acme, filesDir, source, ended, clock } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const outside = { clock, identifiers: randomIdentifiers };
  const [ana, ben] = [
    await addMember(database, acme.id, { email: 'ana@acme.example', role: 'member' }, outside),
    await addMember(database, acme.id, { email: 'ben@acme.example', role: 'member' }, outside),
  ];
  const worker = makeWorker(workplace, filesDir);
  for (const { slot: memberSlot } of [ana, ben, ana]) {
    const run = await enqueue(workplace, acme, report, { memberSlot });
    worker.wake();
    await ended(run);
  }
  const scheduled = await enqueue(workplace, acme, report, {
    memberSlot: ben.slot,
    scheduleNumber: 7,
  });
  worker.wake();
  await ended(scheduled);
  expect(await rowOf(database, acme, 'report_stats', 'parent', report.slot)).toMatchObject({
    recent_manual_run_creators_emails: ['ana@acme.example', 'ben@acme.example'],
    scheduled_run_creators_emails: ['ben@acme.example'],
  });
});

test('a worker that is busy takes the next run as soon as it may, without being told again', async () => {
  const workplace = await openWithFiles();
  const { database, acme, filesDir, source, ended } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const worker = makeWorker(workplace, filesDir, { atOnce: 1 });
  const runs: Run[] = [];
  for (let count = 0; count < 3; count++) {
    runs.push(await enqueue(workplace, acme, report));
    worker.wake();
  }
  for (const run of runs) expect((await ended(run)).state).toBe('succeeded');
});

test('an edit of the report while it runs is not undone by the end of the run', async () => {
  const workplace = await openWithFiles();
  const { database, acme, source, ended } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const run = await enqueue(workplace, acme, report);
  const { clock } = workplace;
  const taken = (await claimRun(database, { clock, mostRunning: 1 })) as ClaimedRun;
  await database.transaction((store) =>
    changeRows(store, acme.id, (writer) =>
      patchRow(store, acme.id, writer, { list: lists.reports, slot: report.slot }, () => ({
        name: 'Towns',
      })),
    ),
  );
  await finishRun(database, taken, 'succeeded', clock);
  expect(await reportRowOf(workplace, report.slot)).toMatchObject({
    name: 'Towns',
    last_run_state: 'succeeded',
  });
  expect((await ended(run)).state).toBe('succeeded');
});

test('of two runs of a report, the one that began last is its last', async () => {
  const workplace = await openWithFiles();
  const { database, acme, source, clock, time } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const runs = [await enqueue(workplace, acme, report), await enqueue(workplace, acme, report)];
  const first = (await claimRun(database, { clock, mostRunning: 2 })) as ClaimedRun;
  time.nowMs += 1000;
  const second = (await claimRun(database, { clock, mostRunning: 2 })) as ClaimedRun;
  expect([first.run.token, second.run.token]).toEqual(runs.map(({ token }) => token));
  time.nowMs += 1000;
  await finishRun(database, second, 'failed', clock);
  time.nowMs += 1000;
  await finishRun(database, first, 'succeeded', clock);
  expect(await reportRowOf(workplace, report.slot)).toMatchObject({
    last_run_token: second.run.token,
    last_run_state: 'failed',
    last_successfully_run_at: new Date(time.nowMs).toISOString(),
  });
});

describe('the queue', () => {
  test('lets what people ask for go before what schedules do, and no organization wait for another', async () => {
    const workplace = await openWithFiles();
    const { database, acme, source, clock, time } = workplace;
    const rival = await makeOrganization(database, 'rival');
    const report = await makeReport(database, acme, source, ['select 1']);
    const theirs = await makeReport(database, rival, null, ['select 1']);
    const take = async (): Promise<ClaimedRun> => {
      time.nowMs += 1000;
      return (await claimRun(database, { clock, mostRunning: 10 })) as ClaimedRun;
    };
    const scheduled = [];
    for (let count = 0; count < 3; count++)
      scheduled.push(await enqueue(workplace, acme, report, { scheduleNumber: 7 }));
    // What has begun is not kept from its end.
    expect((await take()).run.token).toBe(scheduled[0]?.token);
    const asked = [];
    for (let count = 0; count < 3; count++) asked.push(await enqueue(workplace, acme, report));
    const rivals = await enqueue(workplace, rival, theirs, { scheduleNumber: 7 });

    expect((await take()).run.token).toBe(rivals.token);
    const order = [...asked, ...scheduled.slice(1)].map(({ token }) => token);
    for (const token of order) expect((await take()).run.token).toBe(token);
  });

  test('takes no more runs than may wait, of each organization alone', async () => {
    const workplace = await openWithFiles();
    const { database, acme, source, clock } = workplace;
    const rival = await makeOrganization(database, 'rival');
    const report = await makeReport(database, acme, source, ['select 1']);
    const theirs = await makeReport(database, rival, null, ['select 1']);
    for (let count = 0; count < 3; count++) await enqueue(workplace, acme, report, {}, 3);
    await expect(enqueue(workplace, acme, report, {}, 3)).rejects.toMatchObject({
      id: 'queue_full',
      message: 'The organization’s run queue is full, with 3 runs waiting.',
      hint: expect.stringContaining('cancel runs'),
    });
    await enqueue(workplace, rival, theirs, {}, 3);
    // One that has begun does not wait any more, whatever else does.
    expect((await claimRun(database, { clock, mostRunning: 1 }))?.organization).toEqual(acme);
    await enqueue(workplace, acme, report, {}, 3);
  });

  test('gives each run to one of many workers, no more at once than an organization may have', async () => {
    const workplace = await openWithFiles();
    const { database, acme, source, clock } = workplace;
    const report = await makeReport(database, acme, source, ['select 1']);
    for (let count = 0; count < 6; count++) await enqueue(workplace, acme, report);
    const takes = Array.from({ length: 10 }, () => claimRun(database, { clock, mostRunning: 4 }));
    const taken = (await Promise.all(takes)).filter((one) => one !== undefined);
    expect(new Set(taken.map(({ run }) => run.token)).size).toBe(4);
    expect(taken).toHaveLength(4);
    await finishRun(database, taken[0] as ClaimedRun, 'succeeded', clock);
    expect(await claimRun(database, { clock, mostRunning: 4 })).toBeDefined();
    expect(await claimRun(database, { clock, mostRunning: 4 })).toBeUndefined();
  });

  test('lets organizations take turns, however long one’s queue is', async () => {
    const workplace = await openWithFiles();
    const { database, acme, source, clock, time } = workplace;
    const rival = await makeOrganization(database, 'rival');
    const report = await makeReport(database, acme, source, ['select 1']);
    const theirs = await makeReport(database, rival, null, ['select 1']);
    for (let count = 0; count < 5; count++) await enqueue(workplace, acme, report);
    for (let count = 0; count < 2; count++) await enqueue(workplace, rival, theirs);
    const turns: string[] = [];
    for (let count = 0; count < 6; count++) {
      time.nowMs += 1000;
      const taken = (await claimRun(database, { clock, mostRunning: 4 })) as ClaimedRun;
      turns.push(taken.organization.username);
      await finishRun(database, taken, 'succeeded', clock);
    }
    expect(turns).toEqual(['acme', 'rival', 'acme', 'rival', 'acme', 'acme']);
  });
});

describe('a worker that is not heard of any more', () => {
  test('loses its run to another, and has no say in it', async () => {
    const workplace = await openWithFiles();
    const { database, acme, filesDir, source, ended, clock, time, found } = workplace;
    const report = await makeReport(database, acme, source, ['select 1 as one']);
    const run = await enqueue(workplace, acme, report);
    const dead = (await claimRun(database, { clock, mostRunning: 1 })) as ClaimedRun;
    time.nowMs += LEASE_MS;
    await recoverLostRuns(database, time.nowMs);
    expect((await found(run)).state).toBe('running');
    time.nowMs += 1;
    makeWorker(workplace, filesDir).start();
    expect(await ended(run)).toMatchObject({ state: 'succeeded', attempt: 2, timesLost: 1 });

    const before = await queryRunsOf(database, acme, run);
    const now = new Date(time.nowMs).toISOString();
    const outcome = {
      state: 'failed',
      renderedSource: null,
      startedAt: now,
      endedAt: now,
      failure: { code: 'sql_error', message: 'too late', line: null, position: null },
    } as const;
    await expect(keepOutcome(database, dead, { position: 1, outcome, clock })).rejects.toThrow(
      RunLostError,
    );
    await expect(finishRun(database, dead, 'failed', clock)).rejects.toThrow(RunLostError);
    expect(await queryRunsOf(database, acme, run)).toEqual(before);
    expect((await found(run)).state).toBe('succeeded');
  });

  test('is given up with its run where that happens again and again', async () => {
    const workplace = await openWithFiles();
    const { database, acme, source, clock, time, found } = workplace;
    const report = await makeReport(database, acme, source, ['select 1']);
    const run = await enqueue(workplace, acme, report);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const taken = await claimRun(database, { clock, mostRunning: 1 });
      expect(taken?.lease.attempt).toBe(attempt);
      time.nowMs += LEASE_MS + 1;
      await recoverLostRuns(database, time.nowMs);
    }
    expect(await found(run)).toMatchObject({ state: 'failed', timesLost: 3 });
    const [queryRun] = await queryRunsOf(database, acme, run);
    expect(queryRun).toMatchObject({ state: 'failed', failure: { code: 'worker_lost' } });
    expect((await reportRowOf(workplace, report.slot)).last_run_state).toBe('failed');
  });

  test('keeps what it saw to the end: only the rest is run again', async () => {
    const workplace = await openWithFiles();
    const { database, acme, filesDir, source, ended, clock, time } = workplace;
    const report = await makeReport(database, acme, source, ['select 1', 'select 2']);
    const run = await enqueue(workplace, acme, report);
    const dead = (await claimRun(database, { clock, mostRunning: 1 })) as ClaimedRun;
    const now = new Date(time.nowMs).toISOString();
    const failure = { code: 'sql_error', message: 'so it was', line: 1, position: 2 } as const;
    await keepOutcome(database, dead, {
      position: 1,
      outcome: { state: 'failed', renderedSource: '', startedAt: now, endedAt: now, failure },
      clock,
    });
    time.nowMs += LEASE_MS + 1;
    makeWorker(workplace, filesDir).start();
    expect((await ended(run)).state).toBe('failed');
    const [first, second] = await queryRunsOf(database, acme, run);
    expect(first).toMatchObject({ state: 'failed', failure, attempt: 1 });
    expect(second).toMatchObject({ state: 'succeeded', attempt: 2 });
  });

  test('is not one whose machine was asleep: it renews before it judges', async () => {
    const workplace = await openWithFiles();
    await workplace.server.close(); // which would judge
    const { database, acme, filesDir, source, ended, time, found } = workplace;
    const report = await makeReport(database, acme, source, [
      'select sum(a.range * b.range) from range(12000) a, range(12000) b',
    ]);
    const run = await enqueue(workplace, acme, report);
    const worker = makeWorker(workplace, filesDir);
    worker.start();
    await waitFor(async () => expect((await found(run)).state).toBe('running'));
    time.nowMs += LEASE_MS * 2;
    expect(await ended(run)).toMatchObject({ state: 'succeeded', attempt: 1, timesLost: 0 });
  });
});

describe('cancelling', () => {
  test('ends a run that waits, of which no list says anything', async () => {
    const workplace = await openWithFiles();
    const { database, acme, source, clock, found } = workplace;
    const report = await makeReport(database, acme, source, ['select 1']);
    const run = await enqueue(workplace, acme, report);
    expect(await cancelRun(database, acme.id, run, clock)).toBe(true);
    expect(await found(run)).toMatchObject({ state: 'cancelled', startedAt: null });
    expect((await queryRunsOf(database, acme, run))[0]?.state).toBe('cancelled');
    expect((await reportRowOf(workplace, report.slot)).last_run_state).toBeNull();
    expect(await claimRun(database, { clock, mostRunning: 1 })).toBeUndefined();
    expect(await cancelRun(database, acme.id, run, clock)).toBe(false);
  });

  test('ends a run that another process executes, within seconds', async () => {
    const workplace = await openWithFiles();
    const { database, acme, filesDir, source, clock, found, ended } = workplace;
    const report = await makeReport(database, acme, source, ['select 1', ENDLESS, 'select 2']);
    const run = await enqueue(workplace, acme, report);
    makeWorker(workplace, filesDir).start();
    await waitFor(async () => {
      expect((await queryRunsOf(database, acme, run))[0]?.state).toBe('succeeded');
    });
    expect(await cancelRun(database, acme.id, run, clock)).toBe(true);
    expect((await found(run)).state).toBe('running');
    expect((await ended(run)).state).toBe('cancelled');
    const states = (await queryRunsOf(database, acme, run)).map(({ state }) => state);
    expect(states).toEqual(['succeeded', 'cancelled', 'cancelled']);
    expect((await reportRowOf(workplace, report.slot)).last_run_state).toBe('cancelled');
  });
});

test('a worker that stops gives back what does not end, and another begins it anew', async () => {
  const workplace = await openWithFiles();
  const { database, acme, filesDir, source, found } = workplace;
  const report = await makeReport(database, acme, source, [ENDLESS]);
  const run = await enqueue(workplace, acme, report);
  const worker = makeWorker(workplace, filesDir, { stopMs: 100 });
  worker.start();
  await waitFor(async () => expect((await found(run)).state).toBe('running'));
  const startedMs = performance.now();
  await worker.stop();
  expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
  expect(await found(run)).toMatchObject({ state: 'waiting', timesLost: 0, attempt: 1 });
  const again = await claimRun(database, { clock: workplace.clock, mostRunning: 1 });
  expect(again?.lease.attempt).toBe(2);
});

test('a report that is deleted takes its runs with it, even from a worker', async () => {
  const workplace = await openWithFiles();
  const { database, acme, source, clock } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const run = await enqueue(workplace, acme, report);
  const taken = (await claimRun(database, { clock, mostRunning: 1 })) as ClaimedRun;
  await database.transaction((store) => deleteRunsOfReport(store, acme.id, report.slot));
  expect(await findRun(database, acme.id, run.token)).toBeUndefined();
  await expect(finishRun(database, taken, 'succeeded', clock)).rejects.toThrow(RunLostError);
});

test('results expire, and what is known of the run stays', async () => {
  const workplace = await openWithFiles();
  const { database, acme, filesDir, source, ended, time, found } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const run = await enqueue(workplace, acme, report);
  const worker = makeWorker(workplace, filesDir);
  worker.wake();
  await ended(run);
  const wire = (ms: number) => new Date(ms).toISOString();
  const expire = (beforeMs: number) =>
    expireResults(database, acme.id, {
      before: wire(beforeMs),
      now: wire(time.nowMs),
      isStopped: () => false,
    });
  expect(await expire(time.nowMs)).toBe(0);
  expect(await expire(time.nowMs + 1)).toBe(1);
  expect(await expire(time.nowMs + 1)).toBe(0);
  expect(await found(run)).toMatchObject({ state: 'succeeded', expiredAt: wire(time.nowMs) });
  const [queryRun] = await queryRunsOf(database, acme, run);
  expect(queryRun).toMatchObject({ state: 'succeeded', result: { rows: 1 } });
  expect(await findChunk(database, acme.id, queryRun as QueryRun, 0)).toBeUndefined();
  expect(await findPreview(database, acme.id, queryRun as QueryRun)).toBeNull();
});

test('runs are deleted in time, but not the one of a report that began last, nor the last that succeeded, nor the last default run that did', async () => {
  const workplace = await openWithFiles();
  const { database, acme, source, clock, time, found } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  const other = await makeReport(database, acme, source, ['select 1']);
  const end = async (
    of: typeof report,
    state: 'succeeded' | 'failed',
    parameters = {},
  ): Promise<Run> => {
    const run = await enqueue(workplace, acme, of, { parameters });
    const taken = (await claimRun(database, { clock, mostRunning: 1 })) as ClaimedRun;
    await finishRun(database, taken, state, clock);
    return run;
  };
  const runs: Run[] = [];
  for (const state of ['succeeded', 'succeeded', 'failed', 'failed'] as const)
    runs.push(await end(report, state));
  const cancelled = await enqueue(workplace, acme, report);
  await cancelRun(database, acme.id, cancelled, clock);
  const only = await end(other, 'failed');
  const form = '{% form %}\nn:\n  type: number\n  default: 1\n{% endform %}';
  const asking = await makeReport(database, acme, source, [`select {{ n }}\n${form}`]);
  const ofForm: Run[] = [];
  for (const n of [1, 2, 3]) ofForm.push(await end(asking, 'succeeded', { n }));

  const keep = { keepResultsDays: 30, keepRunsDays: 365 };
  const afterDays = (days: number) => {
    time.nowMs += days * 24 * 60 * 60 * 1000;
    return expireRuns({ database, clock, ...keep });
  };
  expect(await afterDays(29)).toEqual({ expired: 0, deleted: 0 });
  expect(await afterDays(2)).toEqual({ expired: 9, deleted: 0 });
  expect(await afterDays(335)).toEqual({ expired: 0, deleted: 3 });
  const left = await Promise.all([...runs, cancelled, only].map((run) => found(run)));
  expect(left.map((run) => run?.number)).toEqual(
    [undefined, runs[1], undefined, runs[3], cancelled, only].map((run) => run?.number),
  );
  // Of a report with a form also the last that succeeded with its defaults.
  expect((await Promise.all(ofForm.map((run) => found(run)))).map((run) => run?.isDefault)).toEqual(
    [true, undefined, false],
  );
  expect(await queryRunsOf(database, acme, runs[0] as Run)).toEqual([]);
  expect(await queryRunsOf(database, acme, runs[1] as Run)).toHaveLength(1);
  expect(await afterDays(1)).toEqual({ expired: 0, deleted: 0 });
});

test('many runs are deleted in steps, which can be stopped between two', async () => {
  const workplace = await openWithFiles();
  const { database, acme, source, clock, time } = workplace;
  const report = await makeReport(database, acme, source, ['select 1']);
  for (let count = 0; count < 130; count++)
    await cancelRun(database, acme.id, await enqueue(workplace, acme, report), clock);
  time.nowMs += 3 * 24 * 60 * 60 * 1000;
  const keep = { keepResultsDays: 30, keepRunsDays: 2 };
  const expire = (isStopped: () => boolean) => expireRuns({ database, clock, ...keep }, isStopped);
  expect(await expire(() => true)).toEqual({ expired: 0, deleted: 0 });
  expect(await expire(() => false)).toEqual({ expired: 130, deleted: 129 });
});
