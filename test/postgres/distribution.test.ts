import { expect, inject, onTestFinished, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { distributionColumn } from '../../src/database/distribution.ts';
import { openPostgres } from '../../src/database/postgres.ts';
import { newDatabaseUrl } from '../support/database-url.ts';
import { runRollcall } from '../support/run-rollcall.ts';
import { temporaryFolder } from '../support/workplace.ts';

/** A constraint or a unique index: its kind as in pg_constraint, and its columns in order. */
type Key = {
  name: string;
  table: string;
  kind: 'p' | 'u' | 'f' | 'x';
  columns: string[];
  target: string | null;
  targetColumns: string[] | null;
};

async function openMigrated(): Promise<Database> {
  const database = openPostgres((await newDatabaseUrl()) as string);
  onTestFinished(() => database.close());
  await database.migrate();
  return database;
}

async function columnsOf(database: Database): Promise<Map<string, string[]>> {
  const rows = await database.all<{ table: string; columns: string[] }>(
    `select table_name as "table", array_agg(column_name::text order by ordinal_position) as columns
     from information_schema.columns where table_schema = current_schema() group by table_name`,
  );
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

/** The primary keys, unique indexes and foreign keys of all tables. */
function listKeys(database: Database): Promise<Key[]> {
  const columns = (table: string, numbers: string) =>
    `(select array_agg(attname::text order by place) from unnest(${numbers}) with ordinality as k (number, place)
      join pg_attribute on attrelid = ${table} and attnum = k.number)`;
  return database.all<Key>(
    `select conname as name, conrelid::regclass::text as "table", contype::text as kind,
       ${columns('conrelid', 'conkey')} as columns,
       case when contype = 'f' then confrelid::regclass::text end as target,
       ${columns('confrelid', 'confkey')} as "targetColumns"
     from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('p', 'u', 'f', 'x')
     union all
     select indexrelid::regclass::text, indrelid::regclass::text, 'u', ${columns('indrelid', 'indkey::smallint[]')}, null, null
     from pg_index join pg_class on pg_class.oid = indrelid
     where relnamespace = current_schema()::regnamespace and indisunique
       and not exists (select from pg_constraint where conindid = indexrelid)`,
  );
}

test('every key of a table of organizations begins with the organization, and every reference to one', async () => {
  const database = await openMigrated();
  const tables = await columnsOf(database);
  const columnOf = (table: string) => distributionColumn(table, tables.get(table) ?? []);
  const keys = await listKeys(database);
  const keysOfOrganizations = keys.filter(({ table }) => columnOf(table));
  expect(keysOfOrganizations.length).toBeGreaterThan(60);
  for (const { name, table, columns } of keysOfOrganizations)
    expect(columns[0], name).toBe(columnOf(table));

  for (const { name, table, target, targetColumns } of keys) {
    if (target === null) continue;
    expect(columnOf(table), `${name} refers from the coordinator`).toBeDefined();
    expect(targetColumns?.[0], name).toBe(columnOf(target) ?? 'none');
  }
  // Without a primary key, a node cannot follow another one's changes while a table moves.
  const keyed = new Set(keys.filter(({ kind }) => kind === 'p').map(({ table }) => table));
  expect([...tables.keys()].filter((table) => !keyed.has(table))).toEqual([]);
});

test('numbers that PostgreSQL counts are given on the coordinator, or with the organization', async () => {
  const database = await openMigrated();
  const counted = await database.all<{ table: string }>(
    `select table_name as "table" from information_schema.columns
     where table_schema = current_schema() and is_identity = 'YES' order by table_name`,
  );
  expect(counted).toEqual([{ table: 'organization_names' }, { table: 'sources' }]);
});

test('a store in PostgreSQL without Citus is not distributed, and the refusal says what to do', async () => {
  const databaseUrl = (await newDatabaseUrl()) as string;
  const surroundings = { dataDir: temporaryFolder(), env: { ROLLCALL_DATABASE_URL: databaseUrl } };
  await runRollcall(['organization', 'create', 'acme', '--name', 'Acme'], surroundings);
  if (!inject('isCitus')) {
    const refused = await runRollcall(['distribute'], surroundings);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('CREATE EXTENSION') });
  }
  const few = await runRollcall(['distribute', '--shards', '0'], surroundings);
  expect(few).toMatchObject({ code: 1, stderr: expect.stringContaining('from 1 to 1024') });
  const inFolder = await runRollcall(['distribute'], { dataDir: temporaryFolder(), env: {} });
  expect(inFolder).toMatchObject({ code: 1, stderr: expect.stringContaining('rollcall move') });
});
