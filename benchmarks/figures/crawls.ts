import { join } from 'node:path';
import { startNginx } from '../anchors/nginx.ts';
import { inTurns, numbersInTurns } from '../in-turns.ts';
import { type Figure, seconds } from '../line.ts';
import { crawl } from '../node-load.ts';
import { pageFile, savePages } from '../page-files.ts';
import { allPages } from '../reports-pages.ts';
import { anonymousMegabytes } from '../start-process.ts';
import { serve, sqliteStore, targetOf } from '../store.ts';

/** Every page in turn over one connection. */
export const wholeCrawl: Figure = {
  ids: ['G6'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    await using server = await serve(store);
    const target = targetOf(server, store.big);
    const files = await savePages(store, store.big, target);
    await using nginx = await startNginx(join(settings.folder, 'nginx'), files);
    const pages = allPages(store.big);
    const names = pages.map((_, index) => pageFile(index + 1));
    const found = await inTurns(settings.rounds, {
      ours: () => crawl(target, pages),
      nginx: () => crawl({ server: nginx, headers: {} }, names),
    });
    return [
      {
        id: 'G6',
        what: 'whole crawl, one connection / nginx on page files',
        ours: seconds(found.ours.seconds),
        anchor: seconds(found.nginx.seconds),
        serverUs: { ours: found.ours.serverUs, anchor: found.nginx.serverUs },
        value: found.ours.seconds / found.nginx.seconds,
        goal: { atMost: 1.2 },
      },
    ];
  },
};

/** What the server holds in memory that is its own after it sent every page, plain and as gzip; files are the system's. */
export const memory: Figure = {
  ids: ['G10'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    const { anonymous } = await numbersInTurns(settings.rounds, {
      anonymous: async () => {
        await using server = await serve(store);
        await crawl(targetOf(server, store.big), allPages(store.big));
        await crawl(
          targetOf(server, store.big, { 'accept-encoding': 'gzip' }),
          allPages(store.big),
        );
        return anonymousMegabytes(server);
      },
    });
    return [
      {
        id: 'G10',
        what: 'anonymous memory after whole crawls, plain and gzip',
        ours: `${anonymous.toFixed(0)} MB`,
        value: anonymous,
        unit: 'MB',
        goal: { atMost: 180 },
      },
    ];
  },
};
