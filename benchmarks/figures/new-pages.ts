import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurns } from '../in-turns.ts';
import { type Figure, perSecond } from '../line.ts';
import { answerOf, load } from '../load.ts';
import { loadNeverAsked, type NeverAsked, perPageOf } from '../never-asked.ts';
import { pageOf, wholeList } from '../reports-pages.ts';
import { startServer } from '../start-process.ts';
import { serve, sqliteStore, targetOf } from '../store.ts';

/** Pages that nobody asked for before. */
export const newPages: Figure = {
  ids: ['G2'],
  async measure({ rounds, seconds, folder, ...settings }) {
    const store = await sqliteStore({ rounds, seconds, folder, ...settings });
    const ask: NeverAsked = { connections: 8, seconds, part: wholeList };
    const path = pageOf(store.big, 1, perPageOf(store.big, ask));
    const file = join(folder, 'page.json');
    {
      await using server = await serve(store);
      writeFileSync(file, (await answerOf(targetOf(server, store.big), path)).body);
    }
    await using bare = await startServer(['benchmarks/anchors/bare-server.ts', file]);
    const found = await inTurns(rounds, {
      ours: () => loadNeverAsked(store, store.big, ask),
      bare: () => load({ url: bare.url, headers: {} }, { connections: 8, seconds, paths: [path] }),
    });
    return [
      {
        id: 'G2',
        what: 'page never asked before / ready Buffer of a bare Node server',
        ours: perSecond(found.ours.perSecond),
        anchor: perSecond(found.bare.perSecond),
        value: found.ours.perSecond / found.bare.perSecond,
        goal: { atLeast: 0.75 },
      },
    ];
  },
};
