// What reading costs on either store, for docs/scaling.md: pages a second, a whole crawl, the first page ever, for which
// the server makes its file, and the memory of a server that has sent every page of all six lists.
//
//   npm run benchmark:reads                        170,000 reports, about a million rows in all lists; 5 rounds of 3 s
//   REPORTS=10000 ROUNDS=1 npm run benchmark:reads
//   ROLLCALL_TEST_CITUS_URL=postgres://... npm run benchmark:reads       a Citus cluster too, by its coordinator
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../src/database/postgres.ts';
import { lists } from '../src/inventory/lists.ts';
import { startPostgres } from '../test/support/start-postgres.ts';
import { storesOfCluster } from './coordinator.ts';
import { numbersInTurns } from './in-turns.ts';
import { answerOf, load, type Target } from './load.ts';
import { crawl } from './node-load.ts';
import { allPages, differentPages, pageOf, randomPages, wholeList } from './reports-pages.ts';
import type { Running } from './start-process.ts';
import { type Filled, fill, type Store, serve, targetOf } from './store.ts';

const reports = Number(process.env.REPORTS ?? 170_000);
const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = 3;

type Reading = Pick<Store, 'env' | 'dataDir'> & { filled: Filled };

const onCluster = await storesOfCluster();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-benchmark-'));
const postgres = await startPostgres({ fsync: true });
try {
  const stores: Record<string, Reading> = {
    SQLite: await filledStore('sqlite', {}),
    PostgreSQL: await filledStore('postgres', { ROLLCALL_DATABASE_URL: postgres.url }),
  };
  for (const { name, url, isDistributed } of onCluster) {
    stores[name] = await filledStore(name, { ROLLCALL_DATABASE_URL: url });
    if (isDistributed) await distribute(url);
  }
  const measurements: [what: string, digits: number, of: (store: Reading) => Promise<number>][] = [
    ['first page ever, s', 2, firstPageEver],
    ['pages of 1,000 reports a second, random, 8 connections', 0, (store) => rate(store, 1000)],
    ['pages of one report a second, random, 8 connections', 0, (store) => rate(store, 1)],
    ['whole crawl of the reports, one connection, s', 2, wholeCrawl],
    ['memory after every page of all lists, MB', 0, memoryAfterAll],
  ];
  console.log(`${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}; ${reports} reports
Medians of ${rounds} interleaved rounds

${line('what', ...Object.keys(stores))}`);
  for (const [what, digits, of] of measurements) {
    const ofEach = Object.entries(stores).map(([name, store]) => [name, () => of(store)]);
    const found = await numbersInTurns(rounds, Object.fromEntries(ofEach));
    console.log(line(what, ...Object.values(found).map((value) => value.toFixed(digits))));
  }
} finally {
  for (const { drop } of onCluster) await drop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function line(what: string, ...values: string[]): string {
  return [what.padEnd(60), ...values.map((value) => value.padStart(24))].join('');
}

async function filledStore(name: string, more: Record<string, string>): Promise<Reading> {
  const dataDir = join(folder, name);
  const env = { ROLLCALL_DATA_DIR: dataDir, ...more };
  return { env, dataDir, filled: await fill(env, 'acme', reports) };
}

async function distribute(url: string): Promise<void> {
  const database = openPostgres(url);
  await database.distribute?.();
  await database.close();
}

/** Without what other servers have left. */
async function firstPageEver({ env, dataDir, filled }: Reading): Promise<number> {
  rmSync(join(dataDir, 'lists'), { recursive: true, force: true });
  await using server = await serve({ env, dataDir });
  const startedMs = performance.now();
  await answerOf(targetOf(server, filled), pageOf(filled, 1));
  return (performance.now() - startedMs) / 1000;
}

async function rate(store: Reading, perPage: number): Promise<number> {
  const { filled } = store;
  await using server = await serve(store);
  const paths =
    perPage === 1 ? differentPages(filled, reports, wholeList, 1).paths : randomPages(filled);
  const ask = { connections: 8, seconds, paths };
  await load(targetOf(server, filled), ask); // to warm it up
  return (await load(targetOf(server, filled), ask)).perSecond;
}

async function wholeCrawl(store: Reading): Promise<number> {
  await using server = await serve(store);
  const target = targetOf(server, store.filled);
  await crawl(target, allPages(store.filled));
  return (await crawl(target, allPages(store.filled))).seconds;
}

async function memoryAfterAll(store: Reading): Promise<number> {
  await using server = await serve(store);
  const target = targetOf(server, store.filled);
  for (const name of Object.keys(lists)) await crawl(target, await pagesOfList(target, name));
  return residentMegabytes(server);
}

async function pagesOfList(target: Target, name: string): Promise<string[]> {
  const path = (page: number) => `/batch/acme/${name}?page=${page}&include_spaces=all`;
  const { pagination } = JSON.parse(String((await answerOf(target, path(1))).body));
  return Array.from({ length: pagination.total_pages }, (_, index) => path(index + 1));
}

function residentMegabytes({ pid }: Running): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1000;
}
