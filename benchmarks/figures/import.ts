import { createWriteStream, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { bulkLoad } from '../anchors/bulk-load.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, seconds } from '../line.ts';
import { rollcall } from '../start-process.ts';
import { fill, type Store, serve, sqliteStore, targetOf } from '../store.ts';

/** Reports with their spaces from files, as `rollcall import` checks and stores them. */
export const importFolder: Figure = {
  ids: ['G13'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    const saved = await saveLines(store);
    const dataDir = join(settings.folder, 'imported');
    const env = { ROLLCALL_DATA_DIR: dataDir };
    const found = await numbersInTurns(settings.rounds, {
      ours: async () => {
        rmSync(dataDir, { recursive: true, force: true });
        await fill(env, 'big', 0);
        const startedMs = performance.now();
        await rollcall(env, ['import', saved, '--organization', 'big']);
        return (performance.now() - startedMs) / 1000;
      },
      bulk: () => bulkLoad(join(dataDir, 'rollcall.sqlite'), join(dataDir, 'bulk.sqlite')),
    });
    rmSync(dataDir, { recursive: true, force: true });
    return [
      {
        id: 'G13',
        what: `import of ${settings.reports.toLocaleString('en')} reports / the store's own bulk load of the same rows`,
        ours: seconds(found.ours),
        anchor: seconds(found.bulk),
        value: found.ours / found.bulk,
        goal: { atMost: 3 },
      },
    ];
  },
};

/** The spaces and reports of the big organization as NDJSON. */
async function saveLines(store: Store): Promise<string> {
  const folder = join(store.dataDir, 'lines');
  if (existsSync(join(folder, 'reports.ndjson'))) return folder;
  mkdirSync(folder, { recursive: true });
  await using server = await serve(store);
  const { headers } = targetOf(server, store.big, { accept: 'application/x-ndjson' });
  for (const list of ['spaces', 'reports']) {
    const path = `/batch/${store.big.name}/${list}?include_spaces=all`;
    const { body } = await fetch(new URL(path, server.url), { headers });
    await pipeline(
      Readable.fromWeb(body as ReadableStream),
      createWriteStream(join(folder, `${list}.ndjson`)),
    );
  }
  return folder;
}
