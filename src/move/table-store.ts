import type { Store, Value } from '../database/database.ts';

/** A table of a store, as it is found there: moving needs to know nothing of what is in it. */
export type Table = {
  name: string;
  columns: string[];
  /** Its primary key, by which its rows are in order. */
  key: { name: string; isText: boolean }[];
};

export type TableRow = Record<string, Value>;

/** The tables of a SQLite store, each after those that it refers to. */
export async function listTables(sqlite: Store): Promise<Table[]> {
  // What each store says of its migrations is its own.
  const found = await sqlite.all<{ name: string }>(
    `select name from sqlite_schema
     where type = 'table' and name not like 'sqlite_%' and name <> 'rollcall_schema' order by name`,
  );
  const tables = new Map<string, Table>();
  const add = async (name: string): Promise<void> => {
    if (tables.has(name)) return;
    const references = await sqlite.all<{ name: string }>(
      'select "table" as name from pragma_foreign_key_list(?)',
      [name],
    );
    for (const reference of references) await add(reference.name);
    const columns = await sqlite.all<{ name: string; type: string; pk: number }>(
      'select name, type, pk from pragma_table_info(?)',
      [name],
    );
    const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
    tables.set(name, {
      name,
      columns: columns.map((column) => column.name),
      key: key.map((column) => ({ name: column.name, isText: column.type === 'TEXT' })),
    });
  };
  for (const { name } of found) await add(name);
  return [...tables.values()];
}

export async function countTable(store: Store, { name }: Table): Promise<number> {
  const row = await store.get<{ count: number }>(`select count(*) as count from ${name}`);
  return row?.count ?? 0;
}

const ROWS_AT_ONCE = 500;

/** Every row of a table in the order of its key, which is the same in both stores. */
export async function* readTable(
  store: Store,
  { name, columns, key }: Table,
  kind: 'sqlite' | 'postgres',
): AsyncGenerator<TableRow[]> {
  // SQLite compares text by its bytes; PostgreSQL as the language of the database has it, if it is not told otherwise.
  const order = key.map((part) =>
    part.isText && kind === 'postgres' ? `${part.name} collate "C"` : part.name,
  );
  const after = `where (${order.join(', ')}) > (${order.map(() => '?').join(', ')})`;
  for (let last: Value[] = []; ; ) {
    const rows = await store.all<TableRow>(
      `select ${columns.join(', ')} from ${name} ${last.length > 0 ? after : ''}
       order by ${order.join(', ')} limit ${ROWS_AT_ONCE}`,
      last,
    );
    if (rows.length > 0) yield rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < ROWS_AT_ONCE) return;
    last = key.map((part) => end[part.name] as Value);
  }
}

export async function insertRows(
  store: Store,
  { name, columns }: Table,
  rows: readonly TableRow[],
): Promise<void> {
  await store.runEach(
    `insert into ${name} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    rows.map((row) => columns.map((column) => row[column] as Value)),
  );
}

/** Keeps everybody else from writing to these tables of PostgreSQL for the rest of the transaction. */
export async function lockTables(postgres: Store, tables: readonly Table[]): Promise<void> {
  await postgres.run(`lock table ${tables.map(({ name }) => name).join(', ')} in exclusive mode`);
}

/** Lets PostgreSQL go on with the numbers that it gives itself after those that are there. */
export async function continueNumbers(postgres: Store): Promise<void> {
  const numbered = await postgres.all<{ table: string; column: string }>(
    `select table_name as "table", column_name as "column" from information_schema.columns
     where table_schema = current_schema() and is_identity = 'YES'`,
  );
  for (const { table, column } of numbered) {
    await postgres.get(
      `select setval(pg_get_serial_sequence(?, ?), max(${column})) from ${table} having max(${column}) is not null`,
      [table, column],
    );
  }
}
