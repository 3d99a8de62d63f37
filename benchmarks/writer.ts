// People at work: changes 50 reports a second anywhere in an organization, each in a transaction of its own, until
// SIGTERM. Run by the benchmarks as a process of its own: node writer.ts ORGANIZATION, with ROLLCALL_DATA_DIR set.
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../src/database/open-store.ts';
import { lists } from '../src/inventory/lists.ts';
import { findRows, getPosition, listRowKeysAfter } from '../src/inventory/row-store.ts';
import { changeRows } from '../src/inventory/row-writer.ts';
import { findOrganization } from '../src/organizations/organization-store.ts';

const CHANGES_PER_SECOND = 50;

const [username = ''] = process.argv.slice(2);
const database = await openStore({ dataDir: process.env.ROLLCALL_DATA_DIR ?? '' });
const organization = await findOrganization(database, username);
if (organization === undefined) throw new Error(`There is no organization ${username}.`);
const { id } = organization;
const position = await getPosition(database, id);

let isOver = false;
process.once('SIGTERM', () => {
  isOver = true;
});
process.stdout.write('writing\n');
const startedMs = performance.now();
let changes = 0;
while (!isOver) {
  await changeOne();
  changes++;
  const dueMs = startedMs + (changes * 1000) / CHANGES_PER_SECOND;
  await sleep(Math.max(0, dueMs - performance.now()));
}
const perSecond = changes / ((performance.now() - startedMs) / 1000);
await database.close();
if (perSecond < 0.9 * CHANGES_PER_SECOND) {
  throw new Error(`The store took only ${perSecond.toFixed(0)} changes a second.`);
}

async function changeOne(): Promise<void> {
  const [key] = await listRowKeysAfter(database, id, {
    list: lists.reports,
    slot: Math.floor(Math.random() * position),
    limit: 1,
  });
  if (key === undefined) return;
  await database.transaction((store) =>
    changeRows(store, id, async (writer) => {
      const rows = await findRows(store, id, lists.reports, 'slot', [key.slot]);
      await writer.update(lists.reports, rows);
    }),
  );
}
