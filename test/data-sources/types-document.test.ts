import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import type { Connection } from '../../src/data-sources/kinds.ts';
import type { ResultFormat } from '../../src/data-sources/query-job.ts';
import { readDocument, sectionOf, tableOf } from '../support/documents.ts';
import { testWith } from '../support/machine-tools.ts';
import { openQueryRuns } from '../support/query-runs.ts';
import { startMariadb } from '../support/start-mariadb.ts';
import { startPostgres } from '../support/start-postgres.ts';

const section = sectionOf(readDocument('docs/data-sources.md'), '### Value by value');
const rows = tableOf(section).map(([source = '', value = '', type, json = '', csv, note = '']) => ({
  source,
  value,
  type,
  json,
  csv: csv ?? '',
  note,
}));
type Row = (typeof rows)[number];
const rowsOf = (source: string) => rows.filter((row) => row.source === source);

const runs = openQueryRuns({ spare: 1 });
afterAll(() => runs.close());

/** `type` with `value`: in a column that is declared so, where no cast makes a value of the type. */
const declaredIn = ({ value }: Row) => /^`(.+)` in a `(.+)`$/.exec(value)?.slice(1, 3);

/** What creates a table with the columns that rows declare, and its row. */
function tableFor(all: readonly Row[]): string[] {
  const columns = all.flatMap((row, index) => {
    const [value, type] = declaredIn(row) ?? [];
    return type === undefined ? [] : [{ name: `c${index}`, type, value }];
  });
  return [
    `CREATE TABLE samples (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
    `INSERT INTO samples VALUES (${columns.map(({ value }) => value).join(', ')})`,
  ];
}

/** One query for all values of a data source, and one conversion to each format. */
async function expectOutcomes(all: readonly Row[], connection?: Connection): Promise<void> {
  expect(all.length).toBeGreaterThan(10);
  const isDeclared = all.some(declaredIn);
  const selected = all.map((row, index) =>
    declaredIn(row) ? `c${index}` : `(SELECT ${row.value}) AS c${index}`,
  );
  const sql = `SELECT ${selected.join(', ')}${isDeclared ? ' FROM samples' : ''}`;
  const { file, columns, preview } = await runs.run(sql, connection && { connection });
  const shown = (of: (row: Row) => unknown) => all.map((row) => [row.value, of(row)]);
  const found = (of: (index: number) => unknown) => all.map(({ value }, at) => [value, of(at)]);
  expect(found((at) => columns[at]?.type)).toEqual(shown(({ type }) => type));
  expect(found((at) => columns[at]?.note ?? '')).toEqual(shown(({ note }) => note));

  expect(preview).toBe(`[[${all.map(({ json }) => json).join(',')}]]`);
  const convert = async (format: ResultFormat) =>
    (await buffer(runs.processes.convert(file, { format }))).toString();
  const object = `{${all.map(({ json }, index) => `"c${index}":${json}`).join(',')}}`;
  expect(await convert('json')).toBe(`[\n\t${object}\n]\n`);
  expect(await convert('ndjson')).toBe(`${object}\n`);
  const quoted = (text: string) =>
    /[\n\r"#,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const names = all.map((_, index) => `c${index}`).join(',');
  expect(await convert('csv')).toBe(
    `${names}\r\n${all.map(({ csv }) => quoted(csv)).join(',')}\r\n`,
  );
  await expectParquet(file, all);
}

/** As another reader of the file sees it. */
async function expectParquet(file: string, all: readonly Row[]): Promise<void> {
  const instance = await DuckDBInstance.create();
  const duckdb = await instance.connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  const texts = all.map((_, index) => `c${index}::VARCHAR`);
  const read = await duckdb.runAndReadAll(`SELECT ${texts.join(', ')} FROM '${file}'`);
  expect(read.getRows()).toEqual([all.map(({ csv }) => (csv === '' ? null : csv))]);
  instance.closeSync();
}

test('the document has values of each data source', () => {
  const sources = ['DuckDB', 'PostgreSQL', 'MySQL, MariaDB', 'SQLite'];
  expect([...new Set(rows.map(({ source }) => source))]).toEqual(sources);
});

test('values of DuckDB come out as the document says', async () => {
  await expectOutcomes(rowsOf('DuckDB'));
});

test('values of PostgreSQL do', async () => {
  const postgres = await startPostgres();
  const { port } = new URL(postgres.url);
  const server = { adapter: 'postgresql', host: '127.0.0.1', port: Number(port) } as const;
  try {
    await expectOutcomes(rowsOf('PostgreSQL'), {
      ...server,
      database: 'postgres',
      username: 'postgres',
    });
  } finally {
    await postgres.stop();
  }
});

testWith('mariadb')('values of MariaDB do', async () => {
  const mariadb = await startMariadb();
  const all = rowsOf('MySQL, MariaDB');
  const server = { adapter: 'mysql', host: '127.0.0.1', port: mariadb.port } as const;
  try {
    const user = ["CREATE USER reader@'%'", "GRANT SELECT ON test.* TO reader@'%'"];
    await mariadb.run(...user, "SET sql_mode = 'ALLOW_INVALID_DATES'", ...tableFor(all));
    await expectOutcomes(all, { ...server, database: 'test', username: 'reader' });
  } finally {
    await mariadb.stop();
  }
});

test('values of SQLite do', async () => {
  const file = join(runs.folder, 'samples.sqlite');
  const all = rowsOf('SQLite');
  const database = new Database(file);
  for (const statement of tableFor(all)) database.exec(statement);
  database.close();
  await expectOutcomes(all, { adapter: 'sqlite', file });
});
