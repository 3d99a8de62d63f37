import { inTurns } from '../in-turns.ts';
import { type Figure, perSecond } from '../line.ts';
import { load } from '../load.ts';
import { cancelRun, reportToRun, startRun, waitForRun } from '../report-to-run.ts';
import { pageOf } from '../reports-pages.ts';
import { serve, sqliteStore, targetOf } from '../store.ts';

const RUNS = 4;
/** Computes for longer than anybody waits here. */
const ENDLESS = 'SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000000) b';

/** How many pages a second are left while the same server computes as many runs as an organization may have. */
export const underRuns: Figure = {
  ids: ['R3'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    const report = await reportToRun(store, store.small.name, ENDLESS);
    const env = { ...store.env, ROLLCALL_RUNS_AT_ONCE: String(RUNS) };
    await using server = await serve({ ...store, env });
    const target = targetOf(server, store.small);
    const pageOne = () =>
      load(target, {
        connections: 8,
        seconds: settings.seconds,
        paths: [pageOf(store.small, 1)],
      });
    await pageOne();
    const found = await inTurns(settings.rounds, {
      quiet: pageOne,
      computing: async () => {
        const paths: string[] = [];
        for (let run = 0; run < RUNS; run++) paths.push(await startRun(server, report));
        for (const path of paths)
          await waitForRun(server, report, path, (run) => run.started_at !== null);
        const measured = await pageOne();
        for (const path of paths) {
          await cancelRun(server, report, path);
          await waitForRun(server, report, path, (run) => run.state === 'cancelled');
        }
        return measured;
      },
    });
    return [
      {
        id: 'R3',
        what: `page 1 while ${RUNS} runs compute / quiet`,
        ours: perSecond(found.computing.perSecond),
        anchor: perSecond(found.quiet.perSecond),
        value: found.computing.perSecond / found.quiet.perSecond,
        goal: { atLeast: 0.5 },
      },
    ];
  },
};
