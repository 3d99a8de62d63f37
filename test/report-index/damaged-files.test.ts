import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { randomIdentifiers } from '../../src/identifiers.ts';
import { lists } from '../../src/inventory/lists.ts';
import { findOrganizationNow, renewEpochs } from '../../src/organizations/organization-store.ts';
import { everyReport } from '../../src/report-index/report-question.ts';
import { ReportSearch } from '../../src/report-index/report-search.ts';
import { damages } from '../support/damage.ts';
import { putRows, reportRow } from '../support/rows.ts';
import { makeOrganization, temporaryFolder } from '../support/workplace.ts';

const NEVER_MS = 1_000_000;

/** A search file of 600 reports, and what was in it before the last hundred were. */
async function openFile({ verifyStepMs = NEVER_MS } = {}) {
  const dataDir = temporaryFolder();
  const folder = join(dataDir, 'search');
  const database = await openStore({ dataDir });
  onTestFinished(() => database.close());
  const { id } = await makeOrganization(database);
  const noted: Error[] = [];
  const start = () => {
    const search = new ReportSearch(database, folder, {
      verifyStepMs,
      note: (error) => noted.push(error),
    });
    onTestFinished(() => search.close());
    return search;
  };
  let reports = 0;
  const put = (count: number) =>
    putRows(
      database,
      { id } as Parameters<typeof putRows>[1],
      lists.reports,
      Array.from({ length: count }, () =>
        reportRow(++reports, { description: `Words of its own: w${reports}`.repeat(5) }),
      ),
    );
  const find = async (search: ReportSearch) => {
    const now = await findOrganizationNow(database, id);
    if (now === undefined) throw new Error('There is no such organization.');
    const question = {
      ...everyReport,
      reach: 'all',
      orderBy: 'created_at',
      descending: false,
      offset: 0,
      limit: 1000,
      withFacets: false,
    } as const;
    const { total, reports } = await search.find({ id, ...now }, question);
    const typed = await search.find({ id, ...now }, { ...question, typed: 'w77' });
    return { total, shown: reports.length, typed: typed.total };
  };
  const fileOf = (end = '') =>
    join(
      folder,
      '1',
      String(
        readdirSync(join(folder, '1')).find(
          (name) => name.startsWith(`${id}-`) && !name.includes('-wal') && !name.includes('-sums'),
        ),
      ),
    ) + end;
  await put(500);
  const first = start();
  await find(first);
  await first.close();
  const older = join(dataDir, 'older');
  for (const end of ['', '-wal', '-sums'])
    if (existsSync(fileOf(end))) copyFileSync(fileOf(end), `${older}${end}`);
    else writeFileSync(`${older}${end}`, '');
  await put(100);
  const search = start();
  const right = await find(search);
  expect(right).toEqual({ total: 600, shown: 600, typed: 1 });
  return { database, folder, search, start, find, put, noted, fileOf, older, right };
}

test('a search file that nobody has damaged is gone on with, whatever became of its server', async () => {
  const { search, start, find, put, fileOf, right } = await openFile();
  await search.close();
  const { ino } = statSync(fileOf());
  const next = start();
  expect(await find(next)).toEqual(right);
  await put(1);
  await find(next);
  // As a process leaves it that is killed.
  const left = ['', '-wal', '-sums'].map((end) => [end, readFileSync(fileOf(end))] as const);
  await next.close();
  for (const [end, bytes] of left) writeFileSync(fileOf(end), bytes);
  const last = start();
  expect(await find(last)).toEqual({ ...right, total: 601, shown: 601 });
  expect(statSync(fileOf()).ino).toBe(ino);
});

const isSeen = (how: string) => how !== 'has bytes added'; // SQLite knows how long its file is

test('a search file that is damaged is made again while nobody asks for anything', async () => {
  const { search, find, put, noted, fileOf, older, right } = await openFile({ verifyStepMs: 20 });
  const { total } = right;
  for (const [index, [how, damage]] of damages.entries()) {
    // What was written last is copied from the log first.
    await expect.poll(() => statSync(fileOf('-wal')).size).toBe(0);
    const before = noted.length;
    damage(fileOf(), older);
    if (isSeen(how)) await expect.poll(() => noted.length).toBe(before + 1);
    await put(1);
    const now = { ...right, total: total + index + 1, shown: total + index + 1 };
    expect(await find(search), how).toEqual(now);
  }
});

test('a search file whose whole folder was taken away is made again', async () => {
  const { search, find, noted, fileOf, right } = await openFile({ verifyStepMs: 20 });
  // The search may be writing into it.
  rmSync(dirname(fileOf()), { recursive: true, force: true, maxRetries: 10 });
  await expect.poll(() => noted.length).toBe(1);
  expect(await find(search)).toEqual(right);
});

test('the search file of a store that a backup has replaced was called damaged', async () => {
  const { database, folder, search, find, noted, fileOf, right } = await openFile({
    verifyStepMs: 10,
  });
  const before = fileOf();
  await database.transaction((store) => renewEpochs(store, randomIdentifiers));
  expect(await find(search)).toEqual(right);
  await expect.poll(() => existsSync(before)).toBe(false);
  // The file is looked through several times meanwhile.
  for (let asked = 0; asked < 60; asked++) await find(search);
  expect(noted).toEqual([]);
  expect(readdirSync(join(folder, '1')).filter((name) => /^\d+-[^-]+$/.test(name))).toHaveLength(1);
});

test.for(['', '-sums', '-wal'])(
  'a search file%s that was damaged between two servers is made again',
  async (end) => {
    const { search, start, find, fileOf, older, right } = await openFile();
    let last = search;
    for (const [how, damage] of end === '' ? damages : damages.slice(0, 4)) {
      await last.close();
      if (end === '-wal') copyFileSync('package-lock.json', fileOf(end)); // one that was closed has none
      damage(fileOf(end), `${older}${end}`);
      last = start();
      expect(await find(last), how).toEqual(right);
    }
  },
);
