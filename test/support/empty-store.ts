import type { Database } from '../../src/database/database.ts';
import { readMigrations, type StoreKind } from '../../src/database/migrations.ts';

/** More rows than these leave a table of PostgreSQL that is slower to read than a new one. */
const FEW = 500;

/** What a migration does with a whole table. */
const STEPS =
  /^(?:create (?:unlogged )?table (\w+)|drop table (\w+)|alter table (\w+) rename to (\w+))/gm;

/** The tables of a store, each after those that it refers to; the first is that of organizations. */
function tablesOf(kind: StoreKind): string[] {
  const tables = new Set<string>();
  for (const { sql = '' } of readMigrations(kind)) {
    for (const [, created, dropped, renamed, name] of sql.matchAll(STEPS)) {
      if (created) tables.add(created);
      tables.delete(dropped ?? renamed ?? '');
      if (name) tables.add(name);
    }
  }
  tables.delete('rollcall_schema'); // what the store says of itself
  return [...tables];
}

/**
 * Takes everything out of a store. The numbers of organizations go on, for a server's memory, its list files and its
 * search files go by them: SQLite has an organization of the last number for it, which is nobody's and new.
 */
export async function emptyStore(database: Database, kind: StoreKind): Promise<void> {
  const tables = tablesOf(kind).slice(1).toReversed();
  if (kind === 'postgres') {
    await database.run(emptyPostgres([...tables, 'organizations']));
    return;
  }
  await database.transaction(async (store) => {
    for (const table of tables) await store.run(`delete from ${table}`);
    const last = await store.get<{ id: number }>('select max(id) as id from organizations');
    await store.run('delete from organizations');
    await store.run(
      `insert into organizations (id, username, name, created_at, epoch, last_own_id)
       select ?, 'was here', 'was here', '', '', 0 where ? is not null`,
      [last?.id ?? null, last?.id ?? null],
    );
    await store.run(
      'insert into organization_names (organization_id, username) select id, username from organizations',
    );
  });
}

/** One statement: it is run after each test, and a table has nothing as a rule. */
function emptyPostgres(tables: readonly string[]): string {
  const each = tables.map(
    (table) => `
      delete from ${table};
      get diagnostics gone = row_count;
      if gone > ${FEW} then truncate ${table}; end if;`,
  );
  return `do $$ declare gone bigint; begin ${each.join('')} end $$`;
}

/**
 * Keeps what PostgreSQL knows of the rows in a new store as it is. Between two tests it would learn that there are none,
 * and in the next one read whole tables for each row that it looks for.
 */
export async function keepStatistics(database: Database): Promise<void> {
  for (const table of tablesOf('postgres')) {
    await database.run(`alter table ${table} set (autovacuum_enabled = false)`);
  }
}
