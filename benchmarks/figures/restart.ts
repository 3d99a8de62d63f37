import { numbersInTurns } from '../in-turns.ts';
import { type Figure, seconds } from '../line.ts';
import { answerOf } from '../load.ts';
import { pageOf } from '../reports-pages.ts';
import { serve, sqliteStore, targetOf } from '../store.ts';

/** From the start of the process to the last byte of the first page. */
export const restart: Figure = {
  ids: ['G11'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    const firstPage = async () => {
      const startedMs = performance.now();
      await using server = await serve(store);
      await answerOf(targetOf(server, store.big), pageOf(store.big, 1));
      return (performance.now() - startedMs) / 1000;
    };
    await firstPage();
    const { took } = await numbersInTurns(settings.rounds, { took: firstPage });
    return [
      {
        id: 'G11',
        what: 'restart to first page',
        ours: seconds(took),
        value: took,
        unit: 's',
        goal: { atMost: 1 },
      },
    ];
  },
};
