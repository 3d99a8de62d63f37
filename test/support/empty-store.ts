import type { Database } from '../../src/database/database.ts';
import { readMigrations, type StoreKind } from '../../src/database/migrations.ts';

/**
 * Takes everything out of a store but the last organization, which is nobody's now and holds nothing: with it the
 * numbers of organizations go on, for a server's memory, its list files and its search files go by them.
 */
export async function emptyStore(database: Database, kind: StoreKind): Promise<void> {
  const tables = readMigrations(kind).flatMap(({ sql }) =>
    [...sql.matchAll(/^create (?:unlogged )?table (\w+)/gm)].map(([, name = '']) => name),
  );
  await database.transaction(async (queries) => {
    // What was made later may refer to what was made before; the first table is that of organizations.
    for (const table of tables.slice(1).toReversed()) await queries.run(`delete from ${table}`);
    await queries.run('delete from organizations where id < (select max(id) from organizations)');
    await queries.run("update organizations set username = 'was here', name = 'was here'");
  });
}
