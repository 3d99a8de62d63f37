import { expect, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import type { Run } from '../../src/runs/run.ts';
import { listRuns } from '../../src/runs/run-store.ts';
import type { WorkerParts } from '../../src/runs/run-worker.ts';
import { startDueRuns } from '../../src/schedules/start-due.ts';
import { makeFiles, makeReport, makeWorker, queryRunsOf } from '../support/runs.ts';
import { putSchedule } from '../support/schedules.ts';
import { templates } from '../support/templates.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeOrganization, openWorkplace, temporaryFolder } from '../support/workplace.ts';

const DUE = '2026-11-23T12:00:00.000Z';
const SCHEDULES = 60;
const MOST_RUNNING = 3;
/**
 * The first run a query, each in a process of its own: more than one worker executes at once, so that the other has to
 * execute one as well. So does one in 20 of those after them. The others end without one: their data source is not set up.
 */
const runsQuery = (number: number) => number < MOST_RUNNING || number % 20 === 0;

test('many that are due at once are executed to their end, each once, by two processes that share them', async () => {
  const workplace = await openWorkplace();
  const { database, config, time } = workplace;
  const acme = await makeOrganization(database);
  const filesDir = temporaryFolder();
  const source = await makeFiles(database, acme, filesDir);
  const queried = await makeReport(database, acme, source, ['select * from cities']);
  const broken = await makeReport(database, acme, null, ['select 1']);
  const schedules = await Promise.all(
    Array.from({ length: SCHEDULES }, async (_, number) => {
      const { slot: reportSlot } = runsQuery(number) ? queried : broken;
      return putSchedule(database, acme, { reportSlot, nextAt: DUE });
    }),
  );
  const beganMs = performance.now();
  const clock = () => time.nowMs + Math.floor(performance.now() - beganMs);
  const other = await openStore(config);

  const processes = [database, other].map((store) => {
    const parts = { clock, mostRunning: MOST_RUNNING };
    const ended: string[] = [];
    const onEnd: WorkerParts['onEnd'] = (_taken, end) => ended.push(end?.state ?? 'left');
    const worker = makeWorker({ database: store, time }, filesDir, { ...parts, onEnd });
    const onFailure = (error: Error) => {
      throw error;
    };
    const outside = { clock, identifiers: randomIdentifiers, templates, mostWaiting: 10_000 };
    const started = startDueRuns({ database: store, ...outside, onStarted: () => {}, onFailure });
    return { worker, ended, started };
  });
  await Promise.all(processes.map(({ started }) => started));
  for (const { worker } of processes) worker.start();
  await waitFor(() => expect(processes.flatMap(({ ended }) => ended)).toHaveLength(SCHEDULES));
  for (const { worker, ended } of processes) {
    await worker.stop();
    expect(ended.length).toBeGreaterThan(0);
  }
  await other.close();

  const all: Run[] = [];
  for (const { number, reportSlot } of schedules) {
    const of = { scheduleNumber: number };
    const { runs } = await listRuns(database, acme.id, of, { offset: 0, limit: 10 });
    const isQueried = reportSlot === queried.slot;
    const state = isQueried ? 'succeeded' : 'failed';
    expect(runs).toMatchObject([{ reportSlot, state, attempt: 1, timesLost: 0 }]);
    const [queryRun] = await queryRunsOf(database, acme, runs[0] as Run);
    expect([queryRun?.failure?.code, queryRun?.result?.rows]).toEqual(
      isQueried ? [undefined, 2] : ['connection_failed', undefined],
    );
    all.push(...runs);
  }
  expect(mostAtOnce(all)).toBe(MOST_RUNNING);
});

/** How many runs there were at one time. */
function mostAtOnce(runs: readonly Run[]): number {
  const steps = runs.flatMap(({ startedAt, endedAt }) => [
    { at: startedAt ?? '', step: 1 },
    { at: endedAt ?? '', step: -1 },
  ]);
  let running = 0;
  let most = 0;
  // What ends makes room for what begins within the same millisecond.
  for (const { step } of steps.toSorted((a, b) => a.at.localeCompare(b.at) || a.step - b.step)) {
    running += step;
    most = Math.max(most, running);
  }
  return most;
}
