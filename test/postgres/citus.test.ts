import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { migrateDistributed } from '../../src/database/distribute.ts';
import { openStore } from '../../src/database/open-store.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { generateInventory } from '../../src/generate/generate-inventory.ts';
import { listHeads } from '../../src/inventory/head-store.ts';
import { findOrganization } from '../../src/organizations/organization-store.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { readRollcall } from '../support/run-rollcall.ts';
import { makeOrganization, temporaryFolder } from '../support/workplace.ts';

async function openMigrated() {
  const url = (await newDatabaseUrl()) as string;
  const database = openPostgres(url);
  onTestFinished(() => database.close());
  await database.migrate();
  return { url, database };
}

/** With ROLLCALL_TEST_CITUS_URL only. */
describe.runIf(inject('isCitus'))('a store on the coordinator of a Citus cluster', () => {
  test('is distributed with all that is in it, and once', async () => {
    const { database } = await openMigrated();
    const acme = await makeOrganization(database, 'acme');
    await generateInventory(database, acme, { seed: 1, reports: 50 }, () => undefined);
    const [before] = await listHeads(database, [acme.id]);
    const distributed = (await database.distribute?.({ shards: 3 })) ?? [];
    expect(distributed[0]).toEqual({ table: 'organizations', rows: 1 });
    expect(distributed.find(({ table }) => table === 'discovery_rows')?.rows).toBeGreaterThan(200);
    expect(await database.findMisplaced?.()).toEqual([]);
    expect(await listHeads(database, [acme.id])).toEqual([before]);
    expect(await database.distribute?.()).toEqual([]);
    const other = await makeOrganization(database, 'other');
    expect(await findOrganization(database, 'other')).toEqual(other);
    await expect(makeOrganization(database, 'other')).rejects.toThrow('unique');
  });

  test('distributes what a later migration creates, whatever it refers to', async () => {
    const { database } = await openMigrated();
    const acme = await makeOrganization(database);
    await database.distribute?.();
    await database.transaction(async (store) => {
      await migrateDistributed(
        store,
        `-- A comment; with a semicolon.
create table later (
  organization_id bigint not null references organizations (id),
  number bigint not null,
  primary key (organization_id, number)
);

do $$ begin
  perform 1;
end $$;
alter table runs add column later text;
create index runs_later on runs (organization_id, later);
`,
      );
    });
    await database.run('insert into later (organization_id, number) values (?, 1)', [acme.id]);
    const astray = database.run('insert into later (organization_id, number) values (?, 1)', [99]);
    await expect(astray).rejects.toThrow('foreign key');
    expect(await database.findMisplaced?.()).toEqual([]);
  });

  test('is moved into, from a data folder', async () => {
    const dataDir = temporaryFolder();
    const sqlite = await openStore({ dataDir });
    for (const name of ['acme', 'other']) {
      const organization = await makeOrganization(sqlite, name);
      await generateInventory(sqlite, organization, { seed: 1, reports: 20 }, () => undefined);
    }
    await sqlite.close();
    const { url, database } = await openMigrated();
    await database.distribute?.();
    await readRollcall(['move'], { dataDir, env: { ROLLCALL_DATABASE_URL: url } });
    expect(await listHeads(database, [1, 2])).toHaveLength(2);
    expect((await makeOrganization(database, 'third')).id).toBe(3);
  });
});
