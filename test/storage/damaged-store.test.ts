import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openStore } from '../../src/database/open-store.ts';
import { openSqlite } from '../../src/database/sqlite.ts';
import { ListFiles } from '../../src/discovery/list-files.ts';
import { readChanges } from '../../src/inventory/change-store.ts';
import { type List, lists, type View } from '../../src/inventory/lists.ts';
import { getPosition } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import type { Organization } from '../../src/organizations/organization.ts';
import { storageFaultOf, storageFaults } from '../../src/storage-fault.ts';
import { rounds } from '../support/rounds.ts';
import { putRows, reportRow } from '../support/rows.ts';
import {
  makeBasic,
  makeBearer,
  makeOrganization,
  openOwnWorkplace,
  temporaryFolder,
} from '../support/workplace.ts';

const REPORTS = 400;

async function fill(database: Database, acme: Organization): Promise<void> {
  const text = 'Counts what was sold. '.repeat(20);
  const reports = Array.from({ length: REPORTS }, (_, index) =>
    reportRow(index + 1, { description: text }),
  );
  const slots = await putRows(database, acme, lists.reports, reports);
  await database.transaction((store) =>
    changeRows(store, acme.id, (writer) => writer.remove(lists.reports, slots.slice(9, 19), 0)),
  );
}

/** Brings all of a store into its one file. */
function checkpoint(file: string): void {
  const connection = new Sqlite(file);
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.close();
}

const flip = (page: Buffer, at: number) => page.writeUInt8(page.readUInt8(at) ^ 0x15, at);

/** What may become of a page, without a trace that SQLite itself would always see. */
const garbles: readonly [how: string, garble: (page: Buffer, seed: number) => void][] = [
  ['has one byte that is another', (page, seed) => flip(page, 100 + ((seed * 97) % 8000))],
  ['has other bytes in its middle', (page, seed) => page.fill(seed, 4000, 4200)],
  ['has fewer cells than it had', (page) => page.writeUInt16BE(page.readUInt16BE(3) >> 1, 3)],
  ['has no cells', (page) => page.writeUInt16BE(0, 3)],
  ['has keys that are others', (page) => page.fill(0x2a, 8190 - 60, 8190)],
  ['is of zeros', (page) => page.fill(0)],
];

test('a page of the store’s file that was garbled gave a shorter list, or other rows, as if all were well', async () => {
  const dataDir = temporaryFolder();
  const store = await openStore({ dataDir });
  const acme = await makeOrganization(store);
  await fill(store, acme);
  const right = [
    await readWith(store, lists.reports, 'all'),
    await readWith(store, lists.reports, 'shared'),
  ];
  const rightFeed = await readFeed(store, acme);
  await store.close();
  const file = join(dataDir, 'rollcall.sqlite');
  checkpoint(file);
  const bytes = readFileSync(file);
  const pages = bytes.length / 8192;
  let noticed = 0;
  for (let round = 0; round < rounds({ usual: 90, full: 1_000 }); round++) {
    const number = 1 + ((round * 7919) % (pages - 1));
    const [how, garble] = garbles[round % garbles.length] as (typeof garbles)[number];
    const copy = Buffer.from(bytes);
    garble(copy.subarray(number * 8192, (number + 1) * 8192), round);
    const damaged = join(temporaryFolder(), 'rollcall.sqlite');
    writeFileSync(damaged, copy);
    let database: Database | undefined;
    try {
      database = openSqlite(damaged, { synchronous: 'off' });
      const got = [
        await readWith(database, lists.reports, 'all'),
        await readWith(database, lists.reports, 'shared'),
      ];
      expect(got, `page ${number} ${how}`).toEqual(right);
      const feed = await readFeed(database, acme);
      // Its index alone may be wrong, of which the rows know nothing.
      for (const one of feed) expect(rightFeed, `page ${number} ${how}`).toContain(one);
    } catch (error) {
      if (storageFaultOf(error) !== 'store_damaged') throw error;
      noticed++;
    } finally {
      await database?.close();
    }
  }
  expect(noticed).toBeGreaterThan(10);

  async function readWith(database: Database, list: List, view: View): Promise<string> {
    const listFiles = new ListFiles(database, join(temporaryFolder(), 'lists'));
    try {
      const position = await getPosition(database, acme.id);
      const organization = { id: acme.id, position, epoch: 'one' };
      return await listFiles.read(organization, list, view, (of) =>
        String(of.page(0, 1_000, '', '').read()),
      );
    } finally {
      listFiles.close();
    }
  }
});

async function readFeed(database: Database, { id }: Organization): Promise<string[]> {
  const { batch } = await readChanges(database, id, { view: 'all', after: undefined, limit: 900 });
  return batch.changes.map(({ token, body }) => `${token} ${body && Buffer.from(body)}`);
}

test('a server on a store that has lost rows says so, in lists, search and roll call, instead of showing the rest', async () => {
  const { config, database, get, send } = await openOwnWorkplace();
  const acme = await makeOrganization(database);
  await fill(database, acme);
  const bearer = await makeBearer(database, acme);
  const basic = await makeBasic(database, acme);
  const file = join(config.dataDir, 'rollcall.sqlite');
  checkpoint(file);
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += 8192) {
    const page = bytes.subarray(at, at + 8192);
    const isLeafOfRows = page.readUInt8(0) === 10 && page.includes('Counts what was sold.');
    if (isLeafOfRows) page.writeUInt16BE(page.readUInt16BE(3) - 1, 3);
  }
  writeFileSync(file, bytes, { flag: 'r+' });
  const ask = (url: string) =>
    send({ url, headers: { authorization: url.startsWith('/batch') ? bearer : basic } });
  for (const url of [
    '/batch/acme/reports',
    '/batch/acme/reports?include_spaces=all',
    '/api/acme/reports?q=Report',
    '/api/acme/roll_call',
  ]) {
    const refused = await ask(url);
    expect(refused.json().message, url).toContain(storageFaults.store_damaged);
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('30');
  }
  expect((await get('/readyz')).json()).toMatchObject({ status: 'degraded' });
});
