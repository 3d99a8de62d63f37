import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileCache } from '../../src/compile-cache.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';
import { queryPrograms } from '../support/query-programs.ts';
import { failureOf, limits, openQueryRuns } from '../support/query-runs.ts';

const runs = openQueryRuns({ spare: 0 });
const ENDLESS =
  'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t';
/** What DuckDB does not stop for when it is asked to. */
const DEAF = "SELECT lpad('x', 2000000000, 'y')";

beforeAll(() => runs.put({ 'a.csv': 'a\n1\n' }));
afterAll(() => runs.close());

test('a query is cancelled by its signal', async () => {
  const controller = new AbortController();
  const running = failureOf(runs.runAlone(ENDLESS, { signal: controller.signal }));
  await sleep(300);
  controller.abort();
  expect(await running).toMatchObject({
    code: 'cancelled',
    message: 'The query was canceled.',
  });
});

test('a query that was cancelled before it began does not run', async () => {
  const failure = await failureOf(runs.runAlone('SELECT 1', { signal: AbortSignal.abort() }));
  expect(failure.code).toBe('cancelled');
});

test('a query that does not listen is killed', async () => {
  const startedMs = performance.now();
  const failure = await failureOf(
    runs.runAlone(DEAF, { limits: { timeMs: 500, memoryBytes: 4 * limits.memoryBytes } }),
  );
  expect(failure).toMatchObject({
    code: 'time_limit',
    message: 'The query was stopped at its time limit of 0.5 s.',
  });
  expect(performance.now() - startedMs).toBeLessThan(FAR_TOO_LONG_MS);
});

test('a process that dies is an error with a reason, and the next query runs', async () => {
  const running = failureOf(runs.runAlone(ENDLESS));
  await expect.poll(queryPrograms).toHaveLength(1);
  await sleep(500);
  for (const { pid } of queryPrograms()) process.kill(pid, 'SIGKILL');
  expect(await running).toMatchObject({
    code: 'process_died',
    message: 'The process of the query ended (SIGKILL) before the query did.',
  });
  expect((await runs.runAlone('FROM a')).cells).toEqual([[1]]);
});

test('queries run beside one another', async () => {
  const many = await Promise.all([1, 2, 3].map((n) => runs.runAlone(`SELECT ${n} + a FROM a`)));
  expect(many.map(({ cells }) => cells)).toEqual([[[2]], [[3]], [[4]]]);
});

test('a query process has nothing of the environment, and what it is told is in no list of processes', async () => {
  process.env.ROLLCALL_TEST_SECRET = 'known-to-nobody';
  const controller = new AbortController();
  const running = failureOf(runs.runAlone(ENDLESS, { signal: controller.signal }));
  try {
    await expect.poll(queryPrograms).not.toEqual([]);
    const all = queryPrograms();
    for (const { environment } of all)
      expect(environment.filter((line) => !line.startsWith('NODE_CHANNEL_'))).toEqual([
        `NODE_COMPILE_CACHE=${compileCache.NODE_COMPILE_CACHE}`,
        'TZ=UTC',
        'MALLOC_ARENA_MAX=2',
      ]);
    expect(execFileSync('ps', ['ax', '-o', 'args'], { encoding: 'utf8' })).not.toContain(
      'known-to-nobody',
    );
  } finally {
    delete process.env.ROLLCALL_TEST_SECRET;
    controller.abort();
    await running;
  }
});

test('no query knows of another: what one sets is gone with it', async () => {
  const spill = await runs.runAlone("SELECT current_setting('memory_limit') AS most");
  expect(spill.cells).toEqual([['512.0 MiB']]);
});

test('a process that could not be started while nothing ran ended the server', async () => {
  const uncaught: Error[] = [];
  const onUncaught = (error: Error) => uncaught.push(error);
  process.on('uncaughtException', onUncaught);
  const { execPath } = process;
  const spared = openQueryRuns({ spare: 1 });
  try {
    await spared.runAlone('SELECT 1');
    process.execPath = '/dev/null/node'; // ENOTDIR is thrown at once, as ENOMEM is
    await sleep(500);
    process.execPath = execPath;
    expect((await spared.runAlone('SELECT 2')).cells).toEqual([[2]]);
    expect(uncaught).toEqual([]);
  } finally {
    process.execPath = execPath;
    process.off('uncaughtException', onUncaught);
    await spared.close();
  }
});

test('closing ends what runs, and all processes', async () => {
  // Those of the tests before may still be ending.
  const others = queryPrograms().map(({ pid }) => pid);
  const ownPrograms = () => queryPrograms().filter(({ pid }) => !others.includes(pid));
  const closing = openQueryRuns({ spare: 2 });
  await closing.runAlone('SELECT 1');
  while (ownPrograms().length < 2) await sleep(50);
  const running = failureOf(closing.runAlone(ENDLESS));
  await sleep(300);
  expect(ownPrograms().length).toBeGreaterThanOrEqual(2);
  await closing.close();
  expect(await running).toMatchObject({ code: 'cancelled', message: 'The server is stopping.' });
  expect((await failureOf(closing.runAlone('SELECT 1'))).code).toBe('cancelled');
  expect(ownPrograms()).toEqual([]);
});
