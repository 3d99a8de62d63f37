import { globSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurns } from '../in-turns.ts';
import { type Figure, perSecond } from '../line.ts';
import { answerOf, load } from '../load.ts';
import { loadNeverAsked, type NeverAsked, perPageOf } from '../never-asked.ts';
import { pageOf, wholeList } from '../reports-pages.ts';
import { type Running, startServer } from '../start-process.ts';
import { type Store, serve, sqliteStore, targetOf } from '../store.ts';

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
    const rows = rowsOfReports(store);
    await using reading = await startServer(['benchmarks/anchors/bare-server.ts', file, rows]);
    const anchor =
      ({ url }: Running) =>
      () =>
        load({ url, headers: {} }, { connections: 8, seconds, paths: [path] });
    const found = await inTurns(rounds, {
      ours: () => loadNeverAsked(store, store.big, ask),
      bare: anchor(bare),
      reading: anchor(reading),
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
      {
        id: 'G2',
        what: 'for comparison: bare Node server that reads each page from the file / the same',
        ours: perSecond(found.reading.perSecond),
        anchor: perSecond(found.bare.perSecond),
        value: found.reading.perSecond / found.bare.perSecond,
      },
    ];
  },
};

/** The file from which the server sends the reports of the big organization. */
function rowsOfReports({ dataDir }: Store): string {
  const files = globSync(join(dataDir, 'lists/*/*-reports-all.*.rows'));
  return files.reduce((one, other) => (statSync(one).size > statSync(other).size ? one : other));
}
