import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/database/open-store.ts';
import { generateInventory } from '../../src/generate/generate-inventory.ts';
import { addImport, findImport } from '../../src/import/import-store.ts';
import { beginUnpublished } from '../../src/inventory/row-writer.ts';
import { addNotes, makeProgramVersion } from '../support/program-version.ts';
import { startRollcall } from '../support/run-rollcall.ts';
import { makeOrganization, temporaryFolder } from '../support/workplace.ts';

test('a server with a store of its own upgrades all of it at its start, after an import that was killed, and logs how far it is', async () => {
  const dataDir = temporaryFolder();
  const database = await openStore({ dataDir });
  onTestFinished(() => database.close());
  const acme = await makeOrganization(database);
  await generateInventory(database, acme, { seed: 1, reports: 20 }, () => undefined);
  await database.transaction(async (store) => {
    await beginUnpublished(store, acme.id);
    const leasedUntil = '2026-01-01T00:00:00.000Z';
    await addImport(store, acme.id, { token: 'of a killed process', leasedUntil });
  });

  const program = makeProgramVersion({
    version: '0.2.0',
    migrations: { '901-notes.ts': addNotes('0.2.0') },
    hasNote: true,
  });
  const server = await startRollcall(['serve', '--port', '0'], {
    dataDir,
    program,
    until: /listens on/,
  });
  const lines = server.output().stderr.trimEnd().split('\n');
  const logged = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const [{ count } = { count: 0 }] = await database.all<{ count: number }>(
    'select count(*) as count from discovery_rows where body is not null',
  );
  expect(logged.slice(0, 4)).toMatchObject([
    { level: 30, migration: '901-notes', done: 0, total: count, msg: 'migrating' },
    {
      level: 40,
      reason: 'An import into this organization is in progress.',
      msg: 'migration waits',
    },
    { level: 30, migration: '901-notes', done: count, total: count, msg: 'migrating' },
    { level: 30, applied: ['901-notes'], msg: 'migrated' },
  ]);
  expect(await findImport(database, acme.id)).toBeUndefined();
  const notes = await database.all(
    `select 1 from discovery_rows where cast(body as text) like '%"trial_note":"%'`,
  );
  expect(notes).toHaveLength(count);
});
