import { join } from 'node:path';
import { startNginx } from '../anchors/nginx.ts';
import { bareServer } from '../bare-server.ts';
import { inTurns } from '../in-turns.ts';
import { type Figure, perSecond } from '../line.ts';
import { answerOf, load, type Target } from '../load.ts';
import { pageFile, savePages } from '../page-files.ts';
import { pageOf } from '../reports-pages.ts';
import { serve, sqliteStore, targetOf } from '../store.ts';

/** What was asked for before: the page, its gzip, and that it is the same. */
export const readyPages: Figure = {
  ids: ['G1', 'G7', 'G8'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    await using server = await serve(store);
    const path = pageOf(store.big, 1);
    const plain = targetOf(server, store.big);
    const { etag } = await answerOf(plain, path);
    const known = targetOf(server, store.big, { 'if-none-match': etag });
    const gzip = targetOf(server, store.big, { 'accept-encoding': 'gzip' });
    await answerOf(known, path, 304);

    const files = await savePages(store, store.big, plain);
    await using nginx = await startNginx(join(settings.folder, 'nginx'), files);
    await using bare = await bareServer(plain, path, join(settings.folder, 'page.json'));
    await using bareGzip = await bareServer(gzip, path, join(settings.folder, 'page.json.gz'));
    const again =
      (target: Target, its = path) =>
      () =>
        load(target, { connections: 8, seconds: settings.seconds, paths: [its] });
    const found = await inTurns(settings.rounds, {
      page: again(plain),
      file: again({ server: nginx, headers: {} }, pageFile(1)),
      known: again(known),
      bareKnown: again({ server: bare, headers: { 'if-none-match': etag } }),
      gzip: again(gzip),
      bareGzip: again({ server: bareGzip, headers: {} }),
    });
    const line = (
      id: string,
      what: string,
      ours: keyof typeof found,
      anchor: keyof typeof found,
      atLeast: number,
    ) => ({
      id,
      what,
      ours: perSecond(found[ours].perSecond),
      anchor: perSecond(found[anchor].perSecond),
      serverUs: { ours: found[ours].serverUs, anchor: found[anchor].serverUs },
      value: found[ours].perSecond / found[anchor].perSecond,
      goal: { atLeast },
    });
    return [
      line('G1', 'page asked again / nginx, the same bytes as a file', 'page', 'file', 0.9),
      line(
        'G7',
        '304 / 304 of a bare Node server with the same headers',
        'known',
        'bareKnown',
        0.85,
      ),
      line(
        'G8',
        'gzip page asked again / ready Buffer of a bare Node server, same headers',
        'gzip',
        'bareGzip',
        0.85,
      ),
    ];
  },
};
