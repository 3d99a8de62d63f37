import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compileCache } from '../../src/compile-cache.ts';
import { listRuns } from '../../src/runs/run-store.ts';
import { updateSchedule } from '../../src/schedules/schedule-store.ts';
import { rounds } from '../support/rounds.ts';
import { makeReport } from '../support/runs.ts';
import { putSchedule } from '../support/schedules.ts';
import { makeOrganization, openWorkplace } from '../support/workplace.ts';

const ROUNDS = rounds({ usual: 3, full: 10 });
const SCHEDULES = 60;
const program = fileURLToPath(new URL('../support/starting-process.ts', import.meta.url));

/** Lets a process start what is due; kills it after that time, if it is to be killed. */
async function runProcess(env: Record<string, string>, killAfterMs?: number): Promise<void> {
  const child = spawn(process.execPath, [program, '2026-11-23T12:05:30.000Z'], {
    env: { ...process.env, ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  if (killAfterMs !== undefined) {
    await sleep(killAfterMs);
    child.kill('SIGKILL');
  }
  const [code] = await closed;
  if (killAfterMs === undefined) expect(code).toBe(0);
}

test(`of two processes one is killed ${ROUNDS} times while they start what is due: nothing is left out, nothing starts twice`, {
  timeout: 300_000,
}, async () => {
  const { config, database } = await openWorkplace();
  const acme = await makeOrganization(database);
  const report = await makeReport(database, acme, null, ['select 1']);
  const env = {
    ROLLCALL_DATA_DIR: config.dataDir,
    ROLLCALL_DATABASE_URL: config.databaseUrl ?? '',
    ROLLCALL_LOG_LEVEL: 'silent',
  };
  const nextAt = '2026-11-23T12:05:00.000Z';
  const schedules = [];
  for (let number = 0; number < SCHEDULES; number++) {
    schedules.push(await putSchedule(database, acme, { reportSlot: report.slot, nextAt }));
  }
  for (let round = 1; round <= ROUNDS; round++) {
    await database.run("update runs set state = 'succeeded', ended_at = updated_at");
    for (const schedule of schedules) await updateSchedule(database, acme.id, schedule);
    await Promise.all([runProcess(env, (round * 11) % 40), runProcess(env)]);
    for (const { number } of schedules) {
      const { total } = await listRuns(
        database,
        acme.id,
        { scheduleNumber: number },
        { offset: 0, limit: 1 },
      );
      expect(total, `schedule ${number} in round ${round}`).toBe(round);
    }
  }
});
