import { closeSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { PageSums } from '../../src/report-index/page-sums.ts';
import { temporaryFolder } from '../support/workplace.ts';

const PAGE_BYTES = 65_536;
const GIGABYTE = 2 ** 30;

function connect(path: string): Sqlite.Database {
  const connection = new Sqlite(path);
  connection.pragma(`page_size = ${PAGE_BYTES}`);
  connection.pragma('locking_mode = exclusive');
  connection.pragma('journal_mode = wal');
  connection.pragma('wal_autocheckpoint = 0');
  return connection;
}

test('a file was called damaged once it had a gigabyte, for the page that SQLite never writes', () => {
  const path = join(temporaryFolder(), 'file');
  const first = connect(path);
  first.exec('create table large (bytes blob)');
  first.close();
  // Holes, up to one page before that one: SQLite knows how long its file is by the number at 28.
  truncateSync(path, GIGABYTE - PAGE_BYTES);
  const pages = Buffer.alloc(4);
  pages.writeUInt32BE(GIGABYTE / PAGE_BYTES - 1);
  const file = openSync(path, 'r+');
  writeSync(file, pages, 0, 4, 28);
  closeSync(file);

  const connection = connect(path);
  const sums = new PageSums(path, { isNew: true });
  connection.exec(`insert into large values (randomblob(${4 * PAGE_BYTES}))`);
  sums.copyLog(() => connection.pragma('wal_checkpoint(truncate)'));
  expect(sums.pageCount).toBeGreaterThan(GIGABYTE / PAGE_BYTES + 2);
  expect(sums.verify(sums.pageCount)).toBe(true);
  sums.close();
  connection.close();
});
