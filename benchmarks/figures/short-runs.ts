import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, milliseconds } from '../line.ts';
import { median } from '../median.ts';
import { reportToRun, startRun, waitForRun } from '../report-to-run.ts';
import { anonymousMegabytes, childrenOf } from '../start-process.ts';
import { fill, serve } from '../store.ts';

const anchor = fileURLToPath(new URL('../anchors/duckdb-child.ts', import.meta.url));
const RUNS = 10;
/** How long nothing is asked before each: another process waits by then, as it does for people. */
const REST_MS = 1000;

/** How long a report with next to nothing to do takes, from the request to the end of the run as the API tells it. */
export const shortRuns: Figure = {
  ids: ['R1'],
  async measure({ folder, rounds }) {
    const dataDir = join(folder, 'short-runs');
    rmSync(dataDir, { recursive: true, force: true });
    const env = { ROLLCALL_DATA_DIR: dataDir };
    await fill(env, 'runs', 0);
    const report = await reportToRun({ env, dataDir }, 'runs', 'SELECT 1 AS one');
    await using server = await serve({ env, dataDir });
    const ours = async (): Promise<void> => {
      const path = await startRun(server, report);
      const { state } = await waitForRun(server, report, path, (run) => run.state !== 'enqueued');
      if (state !== 'succeeded') throw new Error(`A run ${state}.`);
    };
    const bare = async (): Promise<void> => {
      const child = fork(anchor);
      await once(child, 'message');
      await once(child, 'exit');
    };
    const found = await numbersInTurns(rounds, {
      ours: () => middleOf(ours),
      bare: () => middleOf(bare),
    });
    await sleep(REST_MS);
    const waiting = Math.max(...childrenOf(server).map(anonymousMegabytes));
    return [
      {
        id: 'R1',
        what: 'a report that selects 1, from the request to succeeded / a process that asks DuckDB for it',
        ours: milliseconds(found.ours),
        anchor: milliseconds(found.bare),
        value: found.ours / found.bare,
        goal: { atMost: 0.8 },
      },
      {
        id: 'R1',
        what: 'memory of the process that waits, its own',
        ours: `${waiting.toFixed(0)} MB`,
        value: waiting,
        unit: 'MB',
      },
    ];
  },
};

/** The median time, in milliseconds, of one after another. */
async function middleOf(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < RUNS; count++) {
    await sleep(REST_MS);
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  return median(times);
}
