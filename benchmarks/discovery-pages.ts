// How fast a page of 1,000 reports is served that was not served before, against a plain server on the same data, and
// whether the last page costs what the first one does. Prints ratios: absolute figures say little on a busy machine.
//
//   npm run benchmark                      100,000 reports, 5 rounds
//   REPORTS=20000 ROUNDS=3 npm run benchmark
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { lists } from '../src/discovery/lists.ts';
import { type Load, load, type Target } from './load.ts';
import { median } from './median.ts';
import { rollcall, startServer } from './start-process.ts';

const reports = Number(process.env.REPORTS ?? 100_000);
const rounds = Number(process.env.ROUNDS ?? 5);
const durationMs = 3_000;
const connections = 8;
const pages = Math.ceil(reports / 1000);

const folder = mkdtempSync(join(tmpdir(), 'rollcall-benchmark-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const dataDir = join(folder, 'data');
  await rollcall(dataDir, ['organization', 'create', 'big', '--name', 'Big']);
  const startedMs = performance.now();
  await rollcall(dataDir, ['generate', '--organization', 'big', '--reports', String(reports)]);
  const generateSeconds = (performance.now() - startedMs) / 1000;
  const token = JSON.parse(
    await rollcall(dataDir, [
      'signature-token',
      'create',
      '--organization',
      'big',
      '--name',
      'benchmark',
      '--json',
    ]),
  ) as { token: string; access_key: string; access_secret: string; bearer: string };
  const plainFile = join(folder, 'plain.sqlite');
  copyReports(join(dataDir, 'rollcall.sqlite'), plainFile, token);

  const ours = await startServer(
    ['src/cli/rollcall.ts', 'serve', '--port', '0', '--log-level', 'warn'],
    {
      ROLLCALL_DATA_DIR: dataDir,
    },
  );
  const plain = await startServer(['benchmarks/plain-server.ts', plainFile]);
  try {
    const target = (url: URL): Target => ({
      host: url.hostname,
      port: Number(url.port),
      authorization: token.bearer,
    });
    const [our, their] = [target(ours.url), target(plain.url)];
    await once(our, 1);
    await once(their, 1);

    const results: Record<'random' | 'plain' | 'again' | 'first' | 'last', Load[]> = {
      random: [],
      plain: [],
      again: [],
      first: [],
      last: [],
    };
    for (let round = 0; round < rounds; round++) {
      results.random.push(await measure(our, connections, randomPage));
      results.plain.push(await measure(their, connections, randomPage));
      results.again.push(await measure(our, connections, () => page(1)));
      results.first.push(await measure(our, 1, () => page(1)));
      results.last.push(await measure(our, 1, () => page(pages)));
    }
    report(results, generateSeconds);
  } finally {
    await ours.stop();
    await plain.stop();
  }
}

function page(number: number): string {
  return `/batch/big/reports?page=${number}&per_page=1000&include_spaces=all`;
}

function randomPage(): string {
  return page(1 + Math.floor(Math.random() * pages));
}

function measure(target: Target, count: number, nextPath: () => string): Promise<Load> {
  return load(target, { connections: count, durationMs, nextPath });
}

async function once(target: Target, number: number): Promise<void> {
  const paths = [page(number)];
  await load(target, { connections: 1, durationMs: 60_000, nextPath: () => paths.pop() });
}

/** The same reports and the same token in the tables of the plain server. */
function copyReports(
  from: string,
  to: string,
  token: { token: string; access_key: string; access_secret: string },
): void {
  const source = new Sqlite(from, { readonly: true });
  const target = new Sqlite(to);
  const fields = lists.reports.fields.map(({ name }) => name);
  target.exec(`
    create table organizations (id integer primary key, username text not null unique);
    create table tokens (token text primary key, organization_id integer not null, secret_hash text not null);
    create table reports (organization_id integer not null, ${fields.map((name) => (name === 'id' ? 'id integer primary key' : name)).join(', ')});
    create index reports_organization on reports (organization_id, id);
  `);
  const hash = createHash('sha256')
    .update(`${token.access_key}:${token.access_secret}`)
    .digest('hex');
  target.prepare('insert into organizations values (1, ?)').run('big');
  target.prepare('insert into tokens values (?, 1, ?)').run(token.token, hash);
  const insert = target.prepare(
    `insert into reports values (1, ${fields.map(() => '?').join(', ')})`,
  );
  const bodies = source
    .prepare('select body from discovery_rows where list = ? order by slot')
    .pluck()
    .iterate(lists.reports.number) as IterableIterator<Buffer>;
  target.transaction(() => {
    for (const body of bodies) insert.run(...Object.values(JSON.parse(String(body))));
  })();
  target.exec('analyze');
  target.close();
  source.close();
}

function report(
  results: Record<'random' | 'plain' | 'again' | 'first' | 'last', Load[]>,
  generateSeconds: number,
): void {
  const middle = (name: keyof typeof results, figure: keyof Load) =>
    median(results[name].map((one) => one[figure]));
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  const perSecond = (name: keyof typeof results) =>
    `${middle(name, 'perSecond').toFixed(0)} pages/s`;
  const p50 = (name: keyof typeof results) => `${middle(name, 'p50Ms').toFixed(2)} ms`;
  console.log(`
${reports} reports, pages of 1,000 with the token checked each time, medians of ${rounds} interleaved rounds of ${durationMs / 1000} s
${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}; client and servers share them

what                                               figure            against           ratio    goal
random pages, 8 connections, against plain server  ${perSecond('random').padEnd(17)} ${perSecond('plain').padEnd(17)} ${ratio(middle('random', 'perSecond'), middle('plain', 'perSecond')).padEnd(8)} at least 4
page ${pages} against page 1, 1 connection, p50        ${p50('last').padEnd(17)} ${p50('first').padEnd(17)} ${ratio(middle('last', 'p50Ms'), middle('first', 'p50Ms')).padEnd(8)} at most 1.2
page 1 asked again, 8 connections                  ${perSecond('again').padEnd(17)} ${perSecond('random').padEnd(17)} ${ratio(middle('again', 'perSecond'), middle('random', 'perSecond'))}
p99 of random pages / of the plain server          ${`${middle('random', 'p99Ms').toFixed(1)} ms`.padEnd(17)} ${`${middle('plain', 'p99Ms').toFixed(1)} ms`.padEnd(17)} ${ratio(middle('random', 'p99Ms'), middle('plain', 'p99Ms'))}
generate, all that belongs to a report included    ${`${(reports / generateSeconds).toFixed(0)} reports/s`.padEnd(35)}          at least 8,000
`);
}
