import { rmSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { openSqlite } from '../../src/database/sqlite.ts';

const ROWS_AT_ONCE = 10_000;

/**
 * The anchor for an import: the rows that it made, put into a store with the same tables and indexes by one prepared
 * statement in one transaction. Answers the seconds that this takes, reading the rows not counted.
 */
export async function bulkLoad(from: string, to: string): Promise<number> {
  for (const end of ['', '-wal', '-shm']) rmSync(`${to}${end}`, { force: true });
  const made = openSqlite(to);
  await made.migrate();
  await made.close();
  const source = new Sqlite(from, { readonly: true });
  const target = new Sqlite(to);
  target.pragma('synchronous = full');
  target.pragma('cache_size = -65536');
  target.pragma('foreign_keys = on');
  let tookMs = 0;
  const timed = (work: () => void): void => {
    const startedMs = performance.now();
    work();
    tookMs += performance.now() - startedMs;
  };

  target.exec('begin immediate');
  for (const table of ['organizations', 'sources', 'discovery_rows']) {
    const insert = insertOf(target, table);
    let rows: unknown[][] = [];
    const flush = () => {
      timed(() => {
        for (const row of rows) insert.run(row);
      });
      rows = [];
    };
    for (const row of source.prepare(`select * from ${table}`).raw().iterate()) {
      rows.push(row as unknown[]);
      if (rows.length === ROWS_AT_ONCE) flush();
    }
    flush();
  }
  timed(() => target.exec('commit'));
  source.close();
  target.close();
  return tookMs / 1000;
}

function insertOf(target: Sqlite.Database, table: string): Sqlite.Statement {
  const columns = target.pragma(`table_info(${table})`) as unknown[];
  return target.prepare(`insert into ${table} values (${columns.map(() => '?')})`);
}
