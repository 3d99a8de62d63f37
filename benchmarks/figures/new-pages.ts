import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bareServer } from '../bare-server.ts';
import { inTurns } from '../in-turns.ts';
import { type Figure, type Line, perSecond } from '../line.ts';
import { type Load, load } from '../load.ts';
import { loadNeverAsked, type NeverAsked, perPageOf } from '../never-asked.ts';
import { pageOf, wholeList } from '../reports-pages.ts';
import type { Running } from '../start-process.ts';
import { type Store, serve, sqliteStore, targetOf } from '../store.ts';

/** Pages that nobody asked for before. */
export const newPages: Figure = {
  ids: ['G2'],
  async measure({ rounds, seconds, folder, ...settings }) {
    const store = await sqliteStore({ rounds, seconds, folder, ...settings });
    const ask: NeverAsked = { connections: 8, seconds, part: wholeList };
    const path = pageOf(store.big, 1, perPageOf(store.big, ask));
    const file = join(folder, 'page.json');
    const bares = async () => {
      await using server = await serve(store);
      const target = targetOf(server, store.big);
      return [
        await bareServer(target, path, file),
        await bareServer(target, path, file, rowsOfReports(store)),
      ] as const;
    };
    const [one, other] = await bares();
    await using ready = one;
    await using mapped = other;
    const anchor = (server: Running) => () =>
      load({ server, headers: {} }, { connections: 8, seconds, paths: [path] });
    const found = await inTurns(rounds, {
      ours: () => loadNeverAsked(store, store.big, ask),
      ready: anchor(ready),
      mapped: anchor(mapped),
    });
    const line = (what: string, ours: Load, goal?: Line['goal']) => ({
      id: 'G2',
      what,
      ours: perSecond(ours.perSecond),
      anchor: perSecond(found.ready.perSecond),
      serverUs: { ours: ours.serverUs, anchor: found.ready.serverUs },
      value: ours.perSecond / found.ready.perSecond,
      ...(goal && { goal }),
    });
    return [
      line('page never asked before / ready Buffer of a bare Node server', found.ours, {
        atLeast: 0.75,
      }),
      {
        ...line('its processor time / the same', found.ours, { atMost: 1.4 }),
        value: found.ours.serverUs / found.ready.serverUs,
      },
      line(
        'for comparison: bare Node server, any bytes of the mapped file / the same',
        found.mapped,
      ),
    ];
  },
};

/** The file from which the server sends the reports of the big organization. */
function rowsOfReports({ dataDir }: Store): string {
  const files = globSync(join(dataDir, 'lists/*/*-reports-all.*.rows'));
  return files.reduce((one, other) => (statSync(one).size > statSync(other).size ? one : other));
}
