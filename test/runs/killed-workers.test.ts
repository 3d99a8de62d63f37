import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Run } from '../../src/runs/run.ts';
import { LEASE_MS } from '../../src/runs/run-queue.ts';
import { findRun } from '../../src/runs/run-store.ts';
import { rounds } from '../support/rounds.ts';
import { startRollcall } from '../support/run-rollcall.ts';
import { enqueue, makeFiles, makeReport, makeWorker, queryRunsOf, rowOf } from '../support/runs.ts';
import { waitFor } from '../support/wait-for.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const ROUNDS = rounds({ usual: 2, full: 10 });

test(`of runs whose workers were killed ${ROUNDS} times, each ends once and with the truth`, {
  timeout: 300_000,
}, async () => {
  const workplace = await openWorkplace();
  const { database, config, time } = workplace;
  const acme = await makeOrganization(database);
  const filesDir = join(config.dataDir, 'files');
  const source = await makeFiles(database, acme, filesDir);
  // The results are many parts each, so that a kill may hit a worker that brings them in.
  const report = await makeReport(database, acme, source, [
    'select hash(range) as a, hash(range + 1) as b from range(200000)',
    'select city, nothing from cities',
    'select hash(range) as c from range(300000)',
  ]);
  const startWorker = () =>
    startRollcall(['worker', '--runs-at-once', '2'], {
      dataDir: config.dataDir,
      env: { ROLLCALL_DATABASE_URL: config.databaseUrl ?? '' },
      until: /runs reports/,
    });
  const stateOf = async ({ token }: Run) => (await findRun(database, acme.id, token))?.state;

  let attempts = 0;
  for (let round = 0; round < ROUNDS; round++) {
    time.nowMs = Date.now();
    const runs: Run[] = [];
    for (let count = 0; count < 2; count++) runs.push(await enqueue(workplace, acme, report));
    const victim = await startWorker();
    await waitFor(async () => expect(await Promise.all(runs.map(stateOf))).toContain('running'));
    await sleep((round * 1200) / ROUNDS);
    await victim.stop('SIGKILL');

    // The time in which it is missed, and a worker that is alive.
    time.nowMs = Date.now() + LEASE_MS + 1;
    const survivor = makeWorker(workplace, filesDir);
    survivor.start();
    for (const run of runs) {
      await waitFor(async () => expect(await stateOf(run)).toBe('failed'));
    }
    await survivor.stop();

    for (const run of runs) {
      const queryRuns = await queryRunsOf(database, acme, run);
      expect(
        queryRuns.map(({ state, result, failure }) => [state, result?.rows, failure?.code]),
      ).toEqual([
        ['succeeded', 200_000, undefined],
        ['failed', undefined, 'sql_error'],
        ['succeeded', 300_000, undefined],
      ]);
      const kept = await database.all<{ position: number; attempt: number; bytes: number }>(
        `select position, attempt, sum(length(bytes)) as bytes from result_chunks
         where organization_id = ? and run_number = ? group by position, attempt order by position`,
        [acme.id, run.number],
      );
      expect(kept).toEqual(
        queryRuns
          .filter(({ result }) => result)
          .map(({ position, attempt, result }) => ({ position, attempt, bytes: result?.bytes })),
      );
      attempts = Math.max(attempts, ...queryRuns.map(({ attempt }) => attempt ?? 0));
    }
    expect(await rowOf(database, acme, 'reports', 'slot', report.slot)).toMatchObject({
      last_run_token: expect.any(String),
      last_run_state: 'failed',
      last_successfully_run_at: null,
    });
  }
  expect(attempts).toBeGreaterThan(1);
});
