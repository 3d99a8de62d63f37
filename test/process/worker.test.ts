import { expect, onTestFinished, test } from 'vitest';
import { openStoreAsItIs } from '../../src/database/open-store.ts';
import { startRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

const metricsToken = 'a-token-of-the-metrics';

test('a worker with a port says how it is and what it counts, and nothing else', async () => {
  const worker = await startRollcall(['worker', '--worker-port', '0'], {
    dataDir: temporaryFolder(),
    env: { ROLLCALL_METRICS_TOKEN: metricsToken },
    until: /healthz/,
  });
  const url = /http:[^ ]*(?=\/healthz)/.exec(worker.line)?.[0];
  const ask = (path: string, headers = {}) => fetch(`${url}${path}`, { headers });
  expect(await (await ask('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await ask('/readyz')).status).toBe(200);
  expect((await ask('/metrics')).status).toBe(401);
  const metrics = await ask('/metrics', { authorization: `Bearer ${metricsToken}` });
  expect(await metrics.text()).toContain('rollcall_runs{state="waiting"} 0');
  expect((await ask('/api/verify')).status).toBe(404);
  expect((await worker.stop()).code).toBe(0);
});

test('a worker without a port needs none, and one that is to run nothing says so', async () => {
  const worker = await startRollcall(['worker'], {
    dataDir: temporaryFolder(),
    env: { ROLLCALL_RUNS_AT_ONCE: '0' },
    until: /^No reports run: ROLLCALL_RUNS_AT_ONCE is 0$/,
  });
  const { code, stdout } = await worker.stop();
  expect(code).toBe(0);
  expect(stdout).not.toContain('http');
});

test('what fails in a worker is a line of JSON in its log, as in a server’s', async () => {
  const dataDir = temporaryFolder();
  const worker = await startRollcall(['worker'], { dataDir, until: /runs reports/ });
  const database = openStoreAsItIs({ dataDir });
  onTestFinished(() => database.close());
  await database.run('alter table runs rename to runs_that_are_away');
  await expect.poll(() => worker.output().stderr).toMatch(/\n$/);
  const { stderr } = await worker.stop();
  const lines = stderr.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toContainEqual({
    level: 50,
    time: expect.any(Number),
    err: expect.objectContaining({ message: expect.stringContaining('no such table') }),
    msg: 'running reports failed',
  });
});
