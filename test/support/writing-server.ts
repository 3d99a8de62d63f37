// A server that changes an organization's reports as fast as it can, to be killed: node writing-server.ts FIRST_ID
// It says each write once the store has acknowledged it: "put ID NAME" or "removed ID".
import { flushCompileCache } from 'node:module';
import { readConfig } from '../../src/config.ts';
import { openStore } from '../../src/database/open-store.ts';
import { lists } from '../../src/inventory/lists.ts';
import { toBytes, toRow } from '../../src/inventory/row.ts';
import { findRows } from '../../src/inventory/row-store.ts';
import { changeRows } from '../../src/inventory/row-writer.ts';
import { findOrganization } from '../../src/organizations/organization-store.ts';
import { createServer } from '../../src/server.ts';
import { reportRow } from './rows.ts';

const config = readConfig({ environment: process.env, directory: process.cwd() });
const database = await openStore(config);
const server = await createServer(config, database);
const acme = await findOrganization(database, 'acme');
if (acme === undefined) throw new Error('There is no acme.');
const bearer = process.env.TEST_BEARER ?? '';
const askForList = () =>
  server.inject({ url: '/batch/acme/reports?per_page=7', headers: { authorization: bearer } });
// What a server does once, before its first answer, takes longer than some of its lives.
await askForList();
// Nothing is kept of what is killed unless it is written before.
flushCompileCache();

let next = Number(process.argv[2]);
for (let round = 0; ; round++) {
  const id = next++;
  const row = toRow(lists.reports, reportRow(id, { name: `made in round ${round}` }));
  const given = { id, token: String(row.token), parent: null, personal: false, sourceId: null };
  await database.transaction((store) =>
    changeRows(store, acme.id, async (writer) => {
      await writer.insert(lists.reports, [{ ...given, body: toBytes(row) }]);
    }),
  );
  process.stdout.write(`put ${id} ${row.name}\n`);
  // The list files are brought up to date, and sometimes rewritten, while it may be killed.
  await askForList();

  const [before] = await findRows(database, acme.id, lists.reports, 'id', [id - 3]);
  if (before === undefined) continue;
  if (round % 3 === 0) {
    await database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        writer.remove(lists.reports, [before.slot], Date.now()),
      ),
    );
    process.stdout.write(`removed ${before.id}\n`);
  } else {
    const edited = { ...JSON.parse(String(before.body)), name: `edited in round ${round}` };
    await database.transaction((store) =>
      changeRows(store, acme.id, (writer) =>
        writer.update(lists.reports, [{ ...before, body: toBytes(edited) }]),
      ),
    );
    process.stdout.write(`put ${before.id} ${edited.name}\n`);
  }
}
