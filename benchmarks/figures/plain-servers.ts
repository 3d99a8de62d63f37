import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '../../test/support/start-postgres.ts';
import { makePlainPostgres, makePlainSqlite } from '../anchors/plain-tables.ts';
import { inTurns } from '../in-turns.ts';
import { type Figure, type Line, perSecond } from '../line.ts';
import { type Load, load } from '../load.ts';
import { loadNeverAsked } from '../never-asked.ts';
import { randomPages, wholeList } from '../reports-pages.ts';
import type { Settings } from '../settings.ts';
import { type Running, startServer } from '../start-process.ts';
import { type Filled, postgresStore, type Store, sqliteStore, targetOf } from '../store.ts';
import { measureFlatness } from './flatness.ts';

/** What one would write instead, on the same reports. */
export const plainServers: Figure = {
  ids: ['G3', 'D1'],
  async measure(settings) {
    const store = await sqliteStore(settings);
    const { small } = store;
    const file = join(settings.folder, 'plain.sqlite');
    rmSync(file, { force: true });
    makePlainSqlite(store, small, file);
    await using postgres = await runPostgres();
    const url = await makePlainPostgres(store, small, postgres.url);
    await using onSqlite = await startPlain(file);
    await using onPostgres = await startPlain(url);
    const found = await inTurns(settings.rounds, {
      ours: () => newPages(settings, store),
      sqlite: () => plainPages(settings, onSqlite, small),
      postgres: () => plainPages(settings, onPostgres, small),
    });
    const what = `pages never asked before of ${small.reports.toLocaleString('en')} / plain server on`;
    return [
      line('G3', `${what} PostgreSQL`, found.ours, found.postgres, 150),
      line('G3', `${what} SQLite`, found.ours, found.sqlite, 60),
      line('D1', `${what} SQLite, the first goal`, found.ours, found.sqlite, 4),
    ];
  },
};

/** The same with Rollcall on PostgreSQL, too. */
export const onPostgres: Figure = {
  ids: ['G12'],
  async measure(settings) {
    await using postgres = await runPostgres();
    const store = await postgresStore(settings, postgres.url);
    // The plain tables are made from the same reports, as they lie on SQLite.
    const url = await makePlainPostgres(await sqliteStore(settings), store.small, postgres.url);
    await using plain = await startPlain(url);
    const found = await inTurns(settings.rounds, {
      ours: () => newPages(settings, store),
      plain: () => plainPages(settings, plain, store.small),
    });
    return [
      line(
        'G12',
        'on PostgreSQL: pages never asked before / plain server on it',
        found.ours,
        found.plain,
        20,
      ),
      ...(await measureFlatness(settings, store, ['G12', 'G12'])).map((one) => ({
        ...one,
        what: `on PostgreSQL: ${one.what}`,
      })),
    ];
  },
};

function newPages({ seconds }: Settings, store: Store): Promise<Load> {
  return loadNeverAsked(store, store.small, { connections: 8, seconds, part: wholeList });
}

function plainPages({ seconds }: Settings, plain: Running, filled: Filled): Promise<Load> {
  const paths = randomPages(filled);
  return load(targetOf(plain, filled), { connections: 8, seconds: Math.max(3, seconds), paths });
}

function startPlain(place: string): Promise<Running> {
  return startServer(['benchmarks/anchors/plain-server.ts', place]);
}

async function runPostgres() {
  const { url, stop } = await startPostgres();
  return { url, [Symbol.asyncDispose]: stop };
}

function line(id: string, what: string, ours: Load, anchor: Load, atLeast: number): Line {
  return {
    id,
    what,
    ours: perSecond(ours.perSecond),
    anchor: perSecond(anchor.perSecond),
    serverUs: { ours: ours.serverUs, anchor: anchor.serverUs },
    value: ours.perSecond / anchor.perSecond,
    goal: { atLeast },
  };
}
