import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { lists } from '../../src/inventory/lists.ts';

/** The texts of an organization's reports in a plain table, looked through with LIKE. */
export type LikeScan = {
  /** The identifiers of the reports that hold a word, and how long it took to find them. */
  find(word: string): { found: number; tookMs: number };
  /** The words that reports hold, names of tables and addresses among them, with how many reports hold each. */
  words(): Map<string, number>;
  /** Makes a full-text index of the texts, as SQLite's FTS5 does it; answers how many seconds it took. */
  index(): number;
  [Symbol.dispose](): void;
};

/** @param dataDir the data folder of a store on SQLite with one organization. */
export function openLikeScan(dataDir: string): LikeScan {
  const connection = new Sqlite(join(dataDir, 'like-scan.sqlite'));
  connection.exec(`
    attach database '${join(dataDir, 'rollcall.sqlite').replaceAll("'", "''")}' as store;
    drop table if exists texts;
    create table texts (id integer primary key, name text, description text, sql text, owner text);
    insert into texts
      select slot, body ->> 'name', body ->> 'description', (
        select group_concat(query.body ->> 'raw_query', char(10)) from store.discovery_rows as query
        where query.organization_id = report.organization_id and query.parent = report.slot
          and query.list = ${lists.queries.number} and query.body is not null
      ), body ->> 'creator_email'
      from (
        select organization_id, slot, cast(body as text) as body from store.discovery_rows
        where list = ${lists.reports.number} and body is not null
      ) as report;
  `);
  const scan = connection
    .prepare(
      'select id from texts where name like ? or description like ? or sql like ? or owner like ?',
    )
    .pluck();
  return {
    find(word) {
      const startedMs = performance.now();
      const pattern = `%${word}%`;
      const found = scan.all(pattern, pattern, pattern, pattern).length;
      return { found, tookMs: performance.now() - startedMs };
    },
    words() {
      const counts = new Map<string, number>();
      const texts = connection.prepare('select name, description, sql, owner from texts').raw();
      for (const columns of texts.iterate() as Iterable<(string | null)[]>) {
        const words = columns.flatMap(
          (text) => text?.toLowerCase().match(/[a-z0-9][a-z0-9._@]+[a-z0-9]/g) ?? [],
        );
        for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
      }
      return counts;
    },
    index() {
      const startedMs = performance.now();
      connection.exec(`
        drop table if exists indexed;
        create virtual table indexed using fts5 (name, description, sql, owner,
          content = '', prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2');
        insert into indexed (rowid, name, description, sql, owner)
          select id, name, description, sql, owner from texts;
      `);
      return (performance.now() - startedMs) / 1000;
    },
    [Symbol.dispose]: () => void connection.close(),
  };
}
