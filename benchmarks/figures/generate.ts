import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { numbersInTurns } from '../in-turns.ts';
import type { Figure } from '../line.ts';
import { rollcall } from '../start-process.ts';
import { fill } from '../store.ts';

/** How fast made-up reports are made, with the stats, queries and charts of each. */
export const generate: Figure = {
  ids: ['D3'],
  async measure({ folder, small, rounds }) {
    const dataDir = join(folder, 'generated');
    const env = { ROLLCALL_DATA_DIR: dataDir };
    const { perSecond } = await numbersInTurns(rounds, {
      perSecond: async () => {
        rmSync(dataDir, { recursive: true, force: true });
        await fill(env, 'new', 0);
        const startedMs = performance.now();
        await rollcall(env, ['generate', '--organization', 'new', '--reports', `${small}`]);
        return small / ((performance.now() - startedMs) / 1000);
      },
    });
    rmSync(dataDir, { recursive: true, force: true });
    return [
      {
        id: 'D3',
        what: 'reports generated, with all that belongs to them',
        ours: `${Math.round(perSecond).toLocaleString('en')} reports/s`,
        value: perSecond,
        unit: 'reports/s',
        goal: { atLeast: 8_000 },
      },
    ];
  },
};
