import { inTurns } from '../in-turns.ts';
import { type Figure, milliseconds } from '../line.ts';
import { load } from '../load.ts';
import { pageOf } from '../reports-pages.ts';
import { startProgram } from '../start-process.ts';
import { serve, sqliteStore, targetOf } from '../store.ts';

/** How long the slowest answers take while people work: another process changes reports anywhere in the list. */
export const underWrites: Figure = {
  ids: ['G9'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    await using server = await serve(store);
    const target = targetOf(server, store.big);
    const pageOne = () =>
      load(target, {
        connections: 8,
        seconds: 2 * settings.seconds,
        paths: [pageOf(store.big, 1)],
      });
    await pageOne();
    const found = await inTurns(settings.rounds, {
      quiet: pageOne,
      written: async () => {
        await using _writer = await startProgram(
          ['benchmarks/writer.ts', store.big.name],
          store.env,
        );
        return await pageOne(); // awaited here, while the writer runs
      },
    });
    return [
      {
        id: 'G9',
        what: 'p99 of page 1 under 50 writes a second / quiet',
        ours: milliseconds(found.written.p99Ms),
        anchor: milliseconds(found.quiet.p99Ms),
        value: found.written.p99Ms / found.quiet.p99Ms,
        goal: { atMost: 2 },
      },
    ];
  },
};
