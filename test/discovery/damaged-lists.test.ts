import { copyFileSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { ListFiles } from '../../src/discovery/list-files.ts';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes } from '../../src/inventory/row.ts';
import { findRows, getPosition } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { damages } from '../support/damage.ts';
import { putRows, reportRow } from '../support/rows.ts';
import {
  makeBearer,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

const NEVER_MS = 1_000_000;
const ROWS = 300;

/** A list of 300 reports, of which the file has been written twice. */
async function openList({ verifyEveryMs = NEVER_MS } = {}) {
  const dataDir = temporaryFolder();
  const folder = join(dataDir, 'lists');
  const database = await openStore({ dataDir });
  const acme = await makeOrganization(database);
  const noted: Error[] = [];
  const start = () => {
    const listFiles = new ListFiles(database, folder, {
      verifyEveryMs,
      note: (error) => noted.push(error),
    });
    onTestFinished(() => listFiles.close());
    return listFiles;
  };
  onTestFinished(() => database.close());
  const rows = Array.from({ length: ROWS }, (_, index) => reportRow(index + 1));
  const slots = await putRows(database, acme, lists.reports, rows);
  const put = async (count: number) => {
    const more = Array.from({ length: count }, (_, index) => reportRow(slots.length + index + 1));
    slots.push(...(await putRows(database, acme, lists.reports, more)));
  };
  const rename = (slot = 0, name = '') =>
    database.transaction((store) =>
      changeRows(store, acme.id, async (writer) => {
        const [row] = await findRows(store, acme.id, lists.reports, 'slot', [slot]);
        if (row) await writer.update(lists.reports, [{ ...row, body: toBytes({ name }) }]);
      }),
    );
  const read = async (listFiles: ListFiles) => {
    const position = await getPosition(database, acme.id);
    return listFiles.read(
      { id: acme.id, position, epoch: 'one' },
      lists.reports,
      'all',
      (file) => ({ rows: file.page(0, 1_000, '', '').read().toString(), mark: file.mark }),
    );
  };
  const expected = async () => {
    const all = await findRows(database, acme.id, lists.reports, 'slot', slots);
    return all.map(({ body }) => String(body)).join(',');
  };
  const fileOf = (end: '.rows' | '.index') =>
    join(folder, '1', String(readdirSync(join(folder, '1')).find((name) => name.endsWith(end))));
  /** Keeps both files as they are, and goes on. */
  const older = join(dataDir, 'older');
  const listFiles = start();
  await read(listFiles);
  copyFileSync(fileOf('.rows'), `${older}.rows`);
  copyFileSync(fileOf('.index'), `${older}.index`);
  await rename(slots[10], 'renamed once');
  await read(listFiles);
  return { acme, listFiles, start, read, expected, put, rename, slots, noted, fileOf, older };
}

test.for(damages)(
  'a list whose file %s is made again while nobody asks for it',
  async ([, damage]) => {
    const { listFiles, read, expected, fileOf, older, rename, slots } = await openList({
      verifyEveryMs: 20,
    });
    damage(fileOf('.rows'), `${older}.rows`);
    const right = await expected();
    await expect.poll(async () => (await read(listFiles)).rows).toBe(right);
    await rename(slots[200], 'renamed later');
    expect((await read(listFiles)).rows).toBe(await expected());
  },
);

test.for(damages)(
  'what was wrong with a file that %s is not written anew with a change',
  async ([, damage]) => {
    const { listFiles, read, expected, fileOf, older, rename, slots } = await openList();
    damage(fileOf('.rows'), `${older}.rows`);
    // One in each block, so that every block is written again.
    for (const [index, slot] of slots.entries())
      if (index % 32 === 0) await rename(slot, 'renamed');
    expect((await read(listFiles)).rows).toBe(await expected());
  },
);

test.for(
  (['.rows', '.index'] as const).flatMap((end) =>
    damages.map(([how, damage]) => [`${end} ${how}`, end, damage] as const),
  ),
)('no row of a list whose file of %s is shown by the next server', async ([, end, damage]) => {
  const { listFiles, start, read, expected, fileOf, older } = await openList();
  listFiles.close();
  damage(fileOf(end), `${older}${end}`);
  expect((await read(start())).rows).toBe(await expected());
});

test('a list whose file was cut is made again before more is written to it', async () => {
  const { listFiles, read, expected, put, fileOf } = await openList();
  // To the end of a block of 64: what comes next has one of its own, so that no other one is looked at.
  await put(320 - ROWS);
  await read(listFiles);
  for (const length of [0, 1_000]) {
    truncateSync(fileOf('.rows'), length);
    await put(64);
    const { rows, mark } = await read(listFiles);
    expect(rows === (await expected())).toBe(true);
    expect(mark).not.toBe('');
  }
});

test('damage is told, and the list has another mark for good', async () => {
  const { listFiles, start, read, noted, fileOf, older } = await openList({ verifyEveryMs: 20 });
  const [[, damage] = []] = damages;
  expect((await read(listFiles)).mark).toBe('');
  damage?.(fileOf('.rows'), `${older}.rows`);
  await expect.poll(async () => (await read(listFiles)).mark).not.toBe('');
  expect(noted.map(String)).toContainEqual(expect.stringContaining('differ from what was written'));
  expect(listFiles.repairs).toBe(1);
  const { mark } = await read(listFiles);
  listFiles.close();
  expect((await read(start())).mark).toBe(mark);
});

test('who got wrong bytes under an ETag is not told that they are the right ones', async () => {
  const { config, database, send } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  const authorization = await makeBearer(database, acme);
  const rows = Array.from({ length: ROWS }, (_, index) => reportRow(index + 1));
  const slots = await putRows(database, acme, lists.reports, rows);
  const ask = (headers = {}) =>
    send({
      method: 'GET',
      url: '/batch/acme/reports?per_page=50&page=2',
      headers: { authorization, ...headers },
    });
  const right = await ask();
  const folder = join(config.dataDir, 'lists', '1');
  const file = readdirSync(folder).find((name) => name.endsWith('.rows'));
  const [[, damage] = []] = damages;
  damage?.(join(folder, String(file)), '');
  // The damage is found as soon as a row of the same block changes.
  await database.transaction((store) =>
    changeRows(store, acme.id, async (writer) => {
      for (const row of await findRows(
        store,
        acme.id,
        lists.reports,
        'slot',
        slots.slice(130, 200),
      ))
        await writer.update(lists.reports, [{ ...row, body: toBytes({ name: 'changed' }) }]);
    }),
  );
  const healed = await ask({ 'if-none-match': right.headers.etag });
  expect(healed.statusCode).toBe(200);
  expect(healed.json().reports).toEqual(right.json().reports);
});
