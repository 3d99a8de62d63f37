import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { patched } from '../../src/inventory/row.ts';
import { findRows, listRowsAfter } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import type { OrganizationNow } from '../../src/organizations/organization.ts';
import { ReportSearch } from '../../src/report-index/report-search.ts';
import { readQuestion } from '../../src/search/read-question.ts';
import { openLikeScan } from '../anchors/like-scan.ts';
import { numbersInTurns } from '../in-turns.ts';
import { type Figure, milliseconds, seconds } from '../line.ts';
import { answerOf, type Target } from '../load.ts';
import { median } from '../median.ts';
import { rollcall } from '../start-process.ts';
import { fill, serve } from '../store.ts';

/** Words that no generated report holds; each is put into so many that fewer than one in a hundred holds it. */
const RARE = ['axolotl', 'civet', 'dingo', 'gecko', 'ibex', 'numbat', 'okapi', 'quokka', 'tapir'];
const COMMON_WORDS = 20;
const CALLS = 9;

/**
 * Searches through all reports: for words that few of them hold against LIKE, and of all kinds as they are typed. In the
 * same file the roll of all is called.
 */
export const search: Figure = {
  ids: ['S1', 'S2', 'S3', 'S4'],
  async measure({ folder, small, rounds }) {
    const dataDir = join(folder, 'search');
    const env = { ROLLCALL_DATA_DIR: dataDir };
    rmSync(dataDir, { recursive: true, force: true });
    const { name } = await fill(env, 'found', small);
    const store = await openStore({ dataDir });
    await nameWith(store, name, RARE, small);
    using scan = openLikeScan(dataDir);
    const common = spread([...scan.words()].filter(([, count]) => count >= small / 100));

    const indexed = await numbersInTurns(rounds, {
      ours: () => timeOfIndex(store, name, join(dataDir, 'search-anew')),
      anchor: async () => scan.index(),
    });

    const reportSearch = new ReportSearch(store, join(dataDir, 'search'));
    const found = async (typed: string) => {
      const startedMs = performance.now();
      const organization = await nowOf(store, name);
      const { total } = await reportSearch.find(organization, {
        ...readQuestion(queryOf(typed)),
        ...firstPage,
      });
      return { found: total, tookMs: performance.now() - startedMs };
    };
    await found('');
    const ours: number[] = [];
    const anchor: number[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const word of RARE) {
        const [one, other] = [await found(word), scan.find(word)];
        if (one.found !== other.found || one.found === 0) {
          throw new Error(`${word}: ${one.found} were found, and ${other.found} by LIKE.`);
        }
        ours.push(one.tookMs);
        anchor.push(other.tookMs);
      }
    }
    await reportSearch.close();
    await store.close();

    await using server = await serve({ env, dataDir });
    const target = { server, headers: { authorization: await apiToken(env, name) } };
    const typedMs: number[] = [];
    await timeOf(target, searchFor(name, ''));
    for (let round = 0; round < rounds; round++) {
      for (const [index, word] of [...common, ...RARE].entries()) {
        for (let length = 1; length <= word.length; length++) {
          typedMs.push(await timeOf(target, searchFor(name, word.slice(0, length))));
        }
        typedMs.push(await timeOf(target, searchFor(name, `${word} ${common[index + 1] ?? ''}`)));
      }
    }
    const rollCall = `/api/${name}/roll_call`;
    const firstCallMs = await timeOf(target, rollCall);
    const callsMs: number[] = [];
    for (let call = 0; call < CALLS; call++) callsMs.push(await timeOf(target, rollCall));
    const p95 = typedMs.toSorted((a, b) => a - b)[Math.floor(typedMs.length * 0.95)] as number;
    return [
      {
        id: 'S1',
        what: `LIKE through ${small.toLocaleString('en')} reports / search for a word that few hold`,
        ours: milliseconds(median(ours)),
        anchor: milliseconds(median(anchor)),
        value: median(anchor) / median(ours),
        goal: { atLeast: 20 },
      },
      {
        id: 'S2',
        what: `search of ${small.toLocaleString('en')} reports as it is typed, p95`,
        ours: seconds(p95 / 1000),
        value: p95 / 1000,
        unit: 's',
        goal: { atMost: 0.06 },
      },
      {
        id: 'S3',
        what: `first roll call of ${small.toLocaleString('en')} reports`,
        ours: seconds(firstCallMs / 1000),
        value: firstCallMs / 1000,
        unit: 's',
        goal: { atMost: 1 },
      },
      {
        id: 'S3',
        what: `roll call of ${small.toLocaleString('en')} reports again`,
        ours: seconds(median(callsMs) / 1000),
        value: median(callsMs) / 1000,
        unit: 's',
        goal: { atMost: 0.06 },
      },
      {
        id: 'S4',
        what: `index of ${small.toLocaleString('en')} reports recreated / insert of their texts with SQLite's FTS5`,
        ours: seconds(indexed.ours),
        anchor: seconds(indexed.anchor),
        value: indexed.ours / indexed.anchor,
        goal: { atMost: 2 },
      },
    ];
  },
};

/** How many seconds it takes until a search finds all reports, where nothing was read before. */
async function timeOfIndex(store: Database, name: string, folder: string): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  const search = new ReportSearch(store, folder, { mostToWaitFor: Number.MAX_SAFE_INTEGER });
  const startedMs = performance.now();
  await search.find(await nowOf(store, name), { ...readQuestion(queryOf('a')), ...firstPage });
  const tookMs = performance.now() - startedMs;
  await search.close();
  return tookMs / 1000;
}

const firstPage = { among: undefined, reach: 'all', offset: 0, limit: 30 } as const;

const queryOf = (typed: string) => new Map([['q', [typed]]]);

async function nowOf(store: Database, name: string): Promise<OrganizationNow> {
  const sql = 'select id, position, epoch from organizations where username = ?';
  const now = await store.get<OrganizationNow>(sql, [name]);
  if (now === undefined) throw new Error(`There is no organization ${name}.`);
  return now;
}

/** Gives some reports another word in their names: of the first word a few, of each later one more. */
async function nameWith(
  store: Database,
  name: string,
  words: readonly string[],
  reports: number,
): Promise<void> {
  const { id } = await nowOf(store, name);
  const list = lists.reports;
  await store.transaction((store) =>
    changeRows(store, id, async (writer) => {
      const rows = await listRowsAfter(store, id, { list, view: 'all', slot: 0, limit: reports });
      for (const [index, word] of words.entries()) {
        const share = (0.009 * (index + 1)) / words.length;
        const step = Math.floor(1 / share);
        const some = rows.filter((_, place) => place % step === index).map(({ slot }) => slot);
        const found = await findRows(store, id, list, 'slot', some);
        await writer.update(
          list,
          found.map((row) => {
            const report = JSON.parse(String(row.body)) as { name: string | null };
            return { ...row, body: patched(list, row.body, { name: `${report.name} ${word}` }) };
          }),
        );
      }
    }),
  );
}

/** Some of the words, from those that the fewest reports hold to those that the most do. */
function spread(counts: readonly [word: string, count: number][]): string[] {
  const inOrder = counts.toSorted(([, a], [, b]) => a - b).map(([word]) => word);
  const step = Math.max(inOrder.length / COMMON_WORDS, 1);
  return Array.from(
    { length: Math.min(COMMON_WORDS, inOrder.length) },
    (_, index) => inOrder[Math.floor(index * step)] as string,
  );
}

const searchFor = (name: string, typed: string) =>
  `/api/${name}/reports?q=${encodeURIComponent(typed)}`;

/** How long a whole answer took, in milliseconds. */
async function timeOf(target: Target, path: string): Promise<number> {
  const startedMs = performance.now();
  await answerOf(target, path);
  return performance.now() - startedMs;
}

/** The Authorization header of a new admin. */
async function apiToken(env: Record<string, string>, organization: string): Promise<string> {
  const email = 'benchmark@example.com';
  const of = ['--organization', organization];
  await rollcall(env, ['member', 'add', ...of, '--email', email, '--role', 'admin']);
  const made = await rollcall(env, [
    ...['api-token', 'create', ...of, '--member', email],
    ...['--name', 'benchmark', '--json'],
  ]);
  const { token, secret } = JSON.parse(made) as { token: string; secret: string };
  return `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
}
