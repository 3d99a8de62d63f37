import { UserError } from '../errors.ts';
import type { DistributeOptions, Store } from './database.ts';
import { distributionColumn } from './distribution.ts';
import { getServerNow } from './server-store.ts';

/** The oldest Citus with which a store was distributed. */
const OLDEST_CITUS = '13.0';

type FoundTable = { name: string; columns: string[]; distributedBy: string | null };

/** A table of organizations. */
type PlacedTable = { name: string; column: string; distributedBy: string | null };

/** Whether the tables of organizations are distributed over nodes of Citus. */
export async function isDistributed(store: Store): Promise<boolean> {
  if (!(await hasCitus(store))) return false;
  const found = await store.get(
    `select 1 as one from pg_dist_partition where logicalrelid = to_regclass('organizations') and partmethod = 'h'`,
  );
  return found !== undefined;
}

async function hasCitus(store: Store): Promise<boolean> {
  const found = await store.get<{ table: string | null }>(
    `select to_regclass('pg_catalog.pg_dist_partition')::text as "table"`,
  );
  return Boolean(found?.table);
}

/** @throws UserError if the database cannot have a distributed store. */
export async function requireCoordinator(store: Store): Promise<void> {
  if (!(await hasCitus(store))) {
    throw new UserError(
      'The database in ROLLCALL_DATABASE_URL does not have the extension citus. On the coordinator and on every node, ' +
        'add citus to shared_preload_libraries and run: CREATE EXTENSION citus',
    );
  }
  const found = await store.get<{ isOlder: boolean; version: string }>(
    `select string_to_array(substring(extversion from '^[0-9]+\\.[0-9]+'), '.')::int[]
         < string_to_array('${OLDEST_CITUS}', '.')::int[] as "isOlder",
       extversion as version
     from pg_extension where extname = 'citus'`,
  );
  if (found?.isOlder) {
    throw new UserError(
      `Citus is version ${found.version}; Rollcall needs ${OLDEST_CITUS} or newer.`,
    );
  }
  const nodes = await store.get<{ own: number; others: number }>(
    `select count(*) filter (where groupid = (select groupid from pg_dist_local_group)) as own,
       count(*) filter (where shouldhaveshards) as others from pg_dist_node where isactive`,
  );
  const group = await store.get<{ group: number }>(
    'select groupid as "group" from pg_dist_local_group',
  );
  if (group?.group !== 0) {
    throw new UserError(
      'ROLLCALL_DATABASE_URL names a node of the Citus cluster. Name its coordinator.',
    );
  }
  if (!nodes?.own || !nodes.others) {
    throw new UserError(
      "The Citus cluster has no node for tables. On the coordinator, run: SELECT citus_set_coordinator_host('HOST', PORT), " +
        "and for each node: SELECT citus_add_node('HOST', PORT)",
    );
  }
}

/** @throws UserError if other processes have connections than this one with so many. */
export async function requireAlone(store: Store, own: number): Promise<void> {
  const { ofRollcall } = await getServerNow(store);
  if (ofRollcall <= own) return;
  throw new UserError(
    `Other processes of Rollcall are connected to this PostgreSQL (connections: ${ofRollcall - own}). ` +
      'Nothing was changed. Stop all servers and workers, then run the command again.',
  );
}

async function listTables(store: Store): Promise<PlacedTable[]> {
  const found = await store.all<FoundTable>(
    `select c.relname as name, array_agg(a.attname::text) as columns,
       (select column_to_column_name(p.logicalrelid, p.partkey) from pg_dist_partition p
        where p.logicalrelid = c.oid) as "distributedBy"
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
     group by c.oid order by c.relname`,
  );
  return found
    .map(({ name, columns, distributedBy }) => ({
      ...{ name, distributedBy },
      column: distributionColumn(name, columns) ?? '',
    }))
    .filter(({ column, distributedBy }) => column !== '' || distributedBy !== null);
}

/** What is not where it belongs in a distributed store, in words. */
export async function findMisplaced(store: Store): Promise<string[]> {
  const tables = await listTables(store);
  const apart = await store.all<{ name: string }>(
    `select c.relname as name from pg_dist_partition p join pg_class c on c.oid = p.logicalrelid
     where c.relnamespace = current_schema()::regnamespace and p.colocationid <>
       (select colocationid from pg_dist_partition where logicalrelid = to_regclass('organizations'))`,
  );
  return [
    ...tables
      .filter(({ column, distributedBy }) => (distributedBy ?? '') !== column)
      .map(({ name, column, distributedBy }) =>
        distributedBy === null
          ? `${name} is not distributed`
          : `${name} is distributed by ${distributedBy}${column && `, not ${column}`}`,
      ),
    ...apart.map(({ name }) => `${name} is not colocated with organizations`),
  ];
}

/** Without it, Citus refuses references to a table that it has changed over several connections. */
const ONE_AFTER_ANOTHER = "set local citus.multi_shard_modify_mode = 'sequential'";

type Reference = { name: string; table: string; target: string; definition: string };

/**
 * Distributes the tables of organizations that are not distributed yet, within a transaction. References between them are
 * dropped for it and added again.
 *
 * @returns the tables that were distributed, with the number of their rows.
 * @throws Error if a table has other rows afterwards.
 */
export async function distributeTables(
  store: Store,
  { shards, onTable = () => undefined }: DistributeOptions = {},
): Promise<{ table: string; rows: number }[]> {
  const missing = (await listTables(store))
    .filter(({ distributedBy }) => distributedBy === null)
    // What the others are colocated with.
    .toSorted((a, b) => Number(b.name === 'organizations') - Number(a.name === 'organizations'));
  if (missing.length === 0) return [];
  const names = new Set(missing.map(({ name }) => name));
  await store.run(ONE_AFTER_ANOTHER);
  const all = await store.all<Reference>(
    `select conname as name, conrelid::regclass::text as "table", confrelid::regclass::text as target,
       pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`,
  );
  const references = all.filter(({ table, target }) => names.has(table) || names.has(target));
  for (const { table, name } of references)
    await store.run(`alter table ${table} drop constraint ${name}`);
  const done: { table: string; rows: number }[] = [];
  for (const { name, column } of missing) {
    onTable(done.length, missing.length);
    const before = await countRows(store, name);
    const [colocated, count] =
      name === 'organizations' ? ["'none'", shards ?? 'null'] : ["'organizations'", 'null'];
    await store.get(
      `select create_distributed_table('${name}', '${column}', colocate_with => ${colocated}, shard_count => ${count})`,
    );
    const rows = await countRows(store, name);
    if (rows !== before)
      throw new Error(
        `The table ${name} had ${before} rows, and has ${rows} now: nothing was kept.`,
      );
    done.push({ table: name, rows });
  }
  onTable(done.length, missing.length);
  for (const { table, name, definition } of references)
    await store.run(`alter table ${table} add constraint ${name} ${definition}`);
  return done;
}

async function countRows(store: Store, table: string): Promise<number> {
  const row = await store.get<{ count: number }>(`select count(*) as count from ${table}`);
  return row?.count ?? 0;
}

/** Deletes what the coordinator still has of rows that are on the nodes now. */
export async function deleteLocalRows(store: Store): Promise<void> {
  await store.get(`select truncate_local_data_after_distributing_table('organizations')`);
}

/**
 * Applies a migration to a distributed store, within a transaction, one statement at a time: Citus sends nodes all of the
 * text that a statement is in.
 */
export async function migrateDistributed(store: Store, sql: string): Promise<void> {
  await store.run(ONE_AFTER_ANOTHER);
  for (const statement of statementsOf(sql)) await store.run(statement);
  await distributeTables(store);
}

/** The statements of a migration, each of which ends with a line. */
function statementsOf(sql: string): string[] {
  const statements = [''];
  for (const line of sql.split('\n')) {
    statements.push(`${statements.pop()}${line}\n`);
    const last = statements.at(-1) ?? '';
    const isWithinBody = last.split('$$').length % 2 === 0;
    if (line.trimEnd().endsWith(';') && !isWithinBody) statements.push('');
  }
  return statements.filter((statement) => /^(?!\s*(--|$))/m.test(statement));
}
