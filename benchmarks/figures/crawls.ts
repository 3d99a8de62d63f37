import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNginx } from '../anchors/nginx.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, seconds } from '../line.ts';
import { crawl } from '../node-load.ts';
import { pageFile, savePages } from '../page-files.ts';
import { allPages } from '../reports-pages.ts';
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
    const found = await numbersInTurns(settings.rounds, {
      ours: () => crawl(target, pages),
      nginx: () => crawl({ url: nginx.url, headers: {} }, names),
    });
    return [
      {
        id: 'G6',
        what: 'whole crawl, one connection / nginx on page files',
        ours: seconds(found.ours),
        anchor: seconds(found.nginx),
        value: found.ours / found.nginx,
        goal: { atMost: 2 },
      },
    ];
  },
};

/** What the server holds in memory after it sent every page, plain and as gzip. */
export const memory: Figure = {
  ids: ['G10'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    const { resident } = await numbersInTurns(settings.rounds, {
      resident: async () => {
        await using server = await serve(store);
        await crawl(targetOf(server, store.big), allPages(store.big));
        await crawl(
          targetOf(server, store.big, { 'accept-encoding': 'gzip' }),
          allPages(store.big),
        );
        const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
        return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000;
      },
    });
    return [
      {
        id: 'G10',
        what: 'resident memory after a whole crawl, plain and gzip',
        ours: `${resident.toFixed(0)} MB`,
        value: resident,
        unit: 'MB',
        goal: { atMost: 300 },
      },
    ];
  },
};
