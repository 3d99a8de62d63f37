import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/data-sources/kinds.ts';
import type { ResultFormat } from '../../src/data-sources/query-job.ts';
import { readDocument, sectionOf, tableOf } from '../support/documents.ts';
import { testWith } from '../support/machine-tools.ts';
import { openQueryRuns } from '../support/query-runs.ts';
import {
  COLUMN_ROWS,
  cellsOf,
  csvRows,
  expectSame,
  type Kind,
  type RandomColumn,
  randomColumns,
  type Value,
} from '../support/random-columns.ts';
import { rounds } from '../support/rounds.ts';
import { type RunningMariadb, startMariadb } from '../support/start-mariadb.ts';
import { type RunningPostgres, startPostgres } from '../support/start-postgres.ts';

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

const runs = openQueryRuns({ spare: 0 });
const testMariadb = testWith('mariadb');
let postgres: RunningPostgres;
let mariadb: RunningMariadb | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
  if (testMariadb === test) mariadb = await startMariadb();
  await mariadb?.run("CREATE USER reader@'%'", "GRANT SELECT ON test.* TO reader@'%'");
});
afterAll(async () => {
  await postgres.stop();
  await mariadb?.stop();
  await runs.close();
});

const onPostgres = () => ({
  adapter: 'postgresql' as const,
  host: '127.0.0.1',
  port: Number(new URL(postgres.url).port),
  database: 'postgres',
  username: 'postgres',
});
const onMariadb = () => ({
  adapter: 'mysql' as const,
  host: '127.0.0.1',
  port: (mariadb as RunningMariadb).port,
  database: 'test',
  username: 'reader',
});
/** Without a backslash that takes the meaning from the character after it, and with any date. */
const MARIADB_MODE = "SET sql_mode = 'ALLOW_INVALID_DATES,NO_BACKSLASH_ESCAPES'";

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
  await expectOutcomes(rowsOf('PostgreSQL'), onPostgres());
});

testMariadb('values of MariaDB do', async () => {
  const all = rowsOf('MySQL, MariaDB');
  await mariadb?.run(MARIADB_MODE, ...tableFor(all));
  await expectOutcomes(all, onMariadb());
});

test('values of SQLite do', async () => {
  const file = join(runs.folder, 'samples.sqlite');
  const all = rowsOf('SQLite');
  const database = new Database(file);
  for (const statement of tableFor(all)) database.exec(statement);
  database.close();
  await expectOutcomes(all, { adapter: 'sqlite', file });
});

/** Tables of one process: their columns stand side by side. */
const TABLES_AT_ONCE = 20;
const COLUMNS = 4;

type Source = {
  name: string;
  kinds: Partial<Record<Kind, string>>;
  odd: Partial<Record<Kind, string[]>>;
  /** Brings a table with these columns into being, and says where it is. */
  put(columns: readonly RandomColumn[], definitions: string[]): Promise<Connection>;
};

const literal = (value: Value) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`);
const insertOf = (columns: readonly RandomColumn[], cell = literal) =>
  `INSERT INTO numbers VALUES ${Array.from(
    { length: COLUMN_ROWS },
    (_, row) => `(${row}, ${columns.map(({ values }) => cell(values[row] ?? null)).join(', ')})`,
  ).join(', ')}`;

/** Files say no types. */
const ofFiles = { whole: '', decimal: '', float: '', text: '', boolean: '', date: '', time: '' };
const oddInFiles = {
  whole: ['0.99', '12345678901234567890123456789012345678901234', '1e3'],
  decimal: ['1e3', `1${'0'.repeat(40)}.5`],
};

const rowsFrom = (
  columns: readonly RandomColumn[],
  cell: (kind: Kind, value: Value) => string | null,
) =>
  Array.from({ length: COLUMN_ROWS }, (_, row) => [
    String(row),
    ...columns.map(({ kind, values }) => cell(kind, values[row] ?? null)),
  ]);

function putFile(name: string, text: string): Connection {
  const folder = join(runs.folder, name.replace('.', '-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
  return { adapter: 'duckdb', folder };
}

const sources: Source[] = [
  {
    name: 'Parquet',
    kinds: {
      whole: 'BIGINT',
      decimal: 'DECIMAL(38, 18)',
      float: 'DOUBLE',
      text: 'VARCHAR',
      boolean: 'BOOLEAN',
      date: 'DATE',
      time: 'TIMESTAMP',
      json: 'JSON',
    },
    odd: {
      float: ['inf', 'nan'],
      date: ['0044-03-15 (BC)', '12345-06-07', 'infinity'],
      time: ['0044-03-15 (BC) 08:30:00', '12345-06-07 00:00:00'],
      json: ['{"id": 9007199254740993}'],
    },
    async put(columns, definitions) {
      const instance = await DuckDBInstance.create();
      const duckdb = await instance.connect();
      await duckdb.run(`CREATE TABLE numbers (place INTEGER, ${definitions.join(', ')})`);
      await duckdb.run(insertOf(columns));
      await duckdb.run(`COPY numbers TO '${join(runs.data, 'numbers.parquet')}'`);
      instance.closeSync();
      return { adapter: 'duckdb', folder: runs.data };
    },
  },
  {
    name: 'CSV',
    kinds: { ...ofFiles, json: '' },
    odd: { ...oddInFiles, boolean: ['yes'], date: ['2024-02-30', '44-03-15'], time: ['noon'] },
    async put(columns) {
      const lines = rowsFrom(columns, (kind, value) => {
        if (value === null) return '';
        return kind === 'text' || kind === 'json' ? `"${value.replaceAll('"', '""')}"` : value;
      });
      const names = columns.map((_, index) => `c${index}`);
      return putFile('numbers.csv', [['place', ...names], ...lines].join('\n'));
    },
  },
  {
    name: 'NDJSON',
    kinds: ofFiles,
    odd: oddInFiles,
    async put(columns) {
      const isRaw = (kind: Kind) => ['whole', 'decimal', 'float', 'boolean'].includes(kind);
      const lines = rowsFrom(columns, (kind, value) =>
        value === null || isRaw(kind) ? String(value) : JSON.stringify(value),
      );
      const objects = lines.map(
        ([place, ...cells]) =>
          `{"place":${place},${cells.map((cell, index) => `"c${index}":${cell}`).join(',')}}`,
      );
      return putFile('numbers.ndjson', objects.join('\n'));
    },
  },
  {
    name: 'PostgreSQL',
    kinds: {
      whole: 'bigint',
      decimal: 'numeric',
      float: 'float8',
      text: 'text',
      boolean: 'boolean',
      date: 'date',
      time: 'timestamp',
      json: 'json',
    },
    odd: {
      decimal: ['NaN', 'Infinity', `1${'0'.repeat(40)}.5`],
      float: ['NaN', '-Infinity'],
      date: ['0044-03-15 BC', '12345-06-07', 'infinity'],
      time: ['0044-03-15 08:30:00 BC', '294276-12-31 23:59:59.999999'],
      json: ['{"id": 9007199254740993}', '[1e400]'],
    },
    async put(columns, definitions) {
      const client = new pg.Client({ connectionString: postgres.url });
      await client.connect();
      await client.query(
        `DROP TABLE IF EXISTS numbers; CREATE TABLE numbers (place integer, ${definitions.join(', ')})`,
      );
      await client.query(insertOf(columns));
      await client.end();
      return onPostgres();
    },
  },
  {
    name: 'MariaDB',
    kinds: {
      whole: 'bigint',
      decimal: 'decimal(65, 30)',
      float: 'double',
      text: 'text',
      date: 'date',
      time: 'datetime(6)',
      json: 'json',
    },
    odd: {
      decimal: [`1${'0'.repeat(30)}.5`],
      date: ['0000-00-00', '2024-02-31'],
      time: ['0000-00-00 00:00:00'],
      json: ['{"id": 9007199254740993}'],
    },
    async put(columns, definitions) {
      await mariadb?.run(
        `${MARIADB_MODE}, names utf8mb4`,
        'DROP TABLE IF EXISTS numbers',
        `CREATE TABLE numbers (place integer, ${definitions.join(', ')}) CHARACTER SET utf8mb4`,
        insertOf(columns),
      );
      return onMariadb();
    },
  },
  {
    name: 'SQLite',
    kinds: { whole: 'INTEGER', float: 'REAL', text: 'TEXT', decimal: 'TEXT' },
    odd: { whole: ['0.5', '-1e300'], text: ['9223372036854775807'] },
    async put(columns, definitions) {
      const file = join(runs.folder, 'numbers.sqlite');
      const database = new Database(file);
      database.exec('DROP TABLE IF EXISTS numbers');
      database.exec(`CREATE TABLE numbers (place INTEGER, ${definitions.join(', ')})`);
      const insert = database.prepare(
        `INSERT INTO numbers VALUES (?, ${columns.map(() => '?').join(', ')})`,
      );
      for (let row = 0; row < COLUMN_ROWS; row++)
        insert.run(
          row,
          columns.map(({ kind, values }) => {
            const value = values[row] ?? null;
            if (value === null || kind === 'text' || kind === 'decimal') return value;
            return /^-?\d+$/.test(value) && kind === 'whole' ? BigInt(value) : Number(value);
          }),
        );
      database.close();
      return { adapter: 'sqlite', file };
    },
  },
];

async function expectWhole(source: Source, columns: readonly RandomColumn[]): Promise<void> {
  const definitions = columns.map(({ kind }, index) => `c${index} ${source.kinds[kind]}`);
  const connection = await source.put(columns, definitions);
  const names = columns.map((_, index) => `c${index}`);
  const sql = `SELECT ${names.join(', ')} FROM numbers ORDER BY place`;
  const { file, preview } = await runs.run(sql, { connection });
  const check = (format: string, cell: (row: number, column: number) => unknown) => {
    for (const [index, { kind, values }] of columns.entries())
      for (const [row, expected] of values.entries()) {
        const actual = cell(row, index);
        const isText = actual === null || typeof actual === 'string';
        const text = isText ? (actual as Value) : JSON.stringify(actual);
        // In a CSV file an empty text is missing.
        const isMissing = source.name === 'CSV' && expected === '';
        const where = `${source.name}, ${format}, c${index} ${kind}, row ${row}`;
        expectSame(kind, text, isMissing ? null : expected, where);
      }
  };
  const shown = cellsOf(preview) as unknown[][];
  check('preview', (row, column) => shown[row]?.[column]);
  const convert = async (format: ResultFormat) =>
    (await buffer(runs.processes.convert(file, { format }))).toString();
  const objects = cellsOf(await convert('json')) as Record<string, unknown>[];
  check('JSON', (row, column) => objects[row]?.[`c${column}`]);
  const lines = csvRows(await convert('csv'));
  check('CSV', (row, column) => lines[row]?.[column]);
}

const batches = Math.ceil(rounds({ usual: TABLES_AT_ONCE, full: 500 }) / TABLES_AT_ONCE);

test.each(sources)(
  `whatever is in ${batches * TABLES_AT_ONCE} tables of $name comes out whole`,
  { timeout: 600_000 },
  async (source) => {
    if (source.name === 'MariaDB' && mariadb === undefined) return;
    const column = randomColumns(Object.keys(source.kinds) as Kind[], source.odd);
    const count = TABLES_AT_ONCE * COLUMNS;
    await fc.assert(
      fc.asyncProperty(fc.array(column, { minLength: count, maxLength: count }), (columns) =>
        expectWhole(source, columns),
      ),
      { numRuns: batches, endOnFailure: true },
    );
  },
);
