import type { Database } from '../../src/database/database.ts';
import { readMigrations, type StoreKind } from '../../src/database/migrations.ts';

/** More rows than these leave a table of PostgreSQL that is slower to read than a new one. */
const FEW = 500;

/** The tables of a store, each after those that it refers to; the first is that of organizations. */
function tablesOf(kind: StoreKind): string[] {
  return readMigrations(kind).flatMap(({ sql }) =>
    [...sql.matchAll(/^create (?:unlogged )?table (\w+)/gm)].map(([, name = '']) => name),
  );
}

/**
 * Takes everything out of a store. The numbers of organizations go on, for a server's memory, its list files and its
 * search files go by them: SQLite keeps the last organization for it, which is nobody's now and holds nothing.
 */
export async function emptyStore(database: Database, kind: StoreKind): Promise<void> {
  await database.transaction(async (queries) => {
    for (const table of tablesOf(kind).slice(1).toReversed()) {
      const rows = await queries.run(`delete from ${table}`);
      if (kind === 'postgres' && rows > FEW) await queries.run(`truncate ${table}`);
    }
    if (kind === 'postgres') {
      await queries.run('delete from organizations');
      return;
    }
    await queries.run('delete from organizations where id < (select max(id) from organizations)');
    await queries.run("update organizations set username = 'was here', name = 'was here'");
  });
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
