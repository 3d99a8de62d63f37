import { copyFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as arrow from '@uwdata/flechette';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decompressLz4Frame } from '../../src/data-sources/engines/duckdb/lz4-frame.ts';
import { failureOf, openQueryRuns } from '../support/query-runs.ts';

const runs = openQueryRuns({ spare: 0 });
const vega = (name: string) =>
  join(import.meta.dirname, '../../node_modules/vega-datasets/data', name);
const fixture = (name: string) => join(import.meta.dirname, '../data', name);

const put = (name: string, bytes: Uint8Array | null) =>
  writeFileSync(join(runs.data, name), bytes as Uint8Array);

const letters = arrow.tableFromArrays(
  {
    id: Array.from({ length: 5000 }, (_, index) => index),
    letter: Array.from({ length: 5000 }, (_, index) => (index % 3 === 0 ? null : 'abc'[index % 3])),
  },
  {
    types: { id: arrow.int32(), letter: arrow.dictionary(arrow.utf8()) },
    maxBatchRows: 1500,
  },
);

beforeAll(() => {
  arrow.setCompressionCodec(arrow.CompressionType.ZSTD, {
    encode: (bytes) => zstdCompressSync(bytes),
    decode: (bytes) => zstdDecompressSync(bytes),
  });
  copyFileSync(vega('flights-200k.arrow'), join(runs.data, 'flights.arrow'));
  copyFileSync(vega('flights-200k.json'), join(runs.data, 'same_flights.json'));
  copyFileSync(fixture('lz4.feather'), join(runs.data, 'tight.feather'));
  put('letters.feather', arrow.tableToIPC(letters, { format: 'file' }));
  put('letters_in_a_stream.arrows', arrow.tableToIPC(letters, { format: 'stream' }));
  const codec = arrow.CompressionType.ZSTD;
  put('squeezed.arrow', arrow.tableToIPC(letters, { format: 'file', codec }));
});
afterAll(() => runs.close());

test('an Arrow file has the rows that the same file has as JSON', async () => {
  const sums = 'SELECT count(*), sum(delay), sum(distance), round(sum(time)), max(delay)';
  const { cells } = await runs.run(`${sums} FROM flights`);
  expect(cells).toEqual((await runs.run(`${sums} FROM same_flights`)).cells);
  expect(cells[0]?.[0]).toBe(200_000);
});

test.each(['letters', 'letters_in_a_stream', 'squeezed'])(
  '%s is read with its dictionary and all of its batches',
  async (table) => {
    const sql = `SELECT letter, count(*), min(id), max(id) FROM ${table} GROUP BY ALL ORDER BY 1 NULLS FIRST`;
    expect((await runs.run(sql)).cells).toEqual([
      [null, 1667, 0, 4998],
      ['b', 1667, 1, 4999],
      ['c', 1666, 2, 4997],
    ]);
  },
);

test('what other programs have compressed with LZ4 is read', async () => {
  const sql = 'SELECT count(*), sum(id), min(line), max(line) FROM tight';
  expect((await runs.run(sql)).cells).toEqual([
    [4000, 11_994, 'line 0 of the same text', 'line 9 of the same text'],
  ]);
});

test('a broken LZ4 frame is refused, wherever it is broken', () => {
  const frame = readFileSync(fixture('text.lz4'));
  const text = Buffer.from(decompressLz4Frame(frame, 200_000)).toString();
  expect(text).toBe('All work and no play. '.repeat(10_000).slice(0, 200_000));
  expect(() => decompressLz4Frame(frame, 199_999)).toThrow();
  expect(() => decompressLz4Frame(frame, 200_001)).toThrow();
  for (let length = 0; length < frame.length - 8; length++)
    expect(() => decompressLz4Frame(frame.subarray(0, length), 200_000), `${length}`).toThrow();
});

test('columns have the types that DuckDB has for them, and their values whole', async () => {
  const types = {
    tiny: arrow.int8(),
    big: arrow.int64(),
    huge: arrow.uint64(),
    half: arrow.float16(),
    float: arrow.float32(),
    double: arrow.float64(),
    price: arrow.decimal(18, 2, 128),
    change: arrow.decimal(9, 2, 32),
    yes: arrow.bool(),
    name: arrow.utf8(),
    bytes: arrow.binary(),
    day: arrow.dateDay(),
    hour: arrow.timeMicrosecond(),
    second: arrow.timestamp(arrow.TimeUnit.SECOND),
    milli: arrow.timestamp(arrow.TimeUnit.MILLISECOND),
    micro: arrow.timestamp(arrow.TimeUnit.MICROSECOND),
    nano: arrow.timestamp(arrow.TimeUnit.NANOSECOND),
    moment: arrow.timestamp(arrow.TimeUnit.MILLISECOND, 'Europe/Berlin'),
    list: arrow.list(arrow.int32()),
    pair: arrow.fixedSizeList(arrow.float64(), 2),
    thing: arrow.struct({ a: arrow.int32(), b: arrow.utf8() }),
    words: arrow.map(arrow.utf8(), arrow.int32()),
    nothing: arrow.nullType(),
  };
  const first = {
    tiny: -128,
    big: 9_007_199_254_740_993n,
    huge: 18_446_744_073_709_551_615n,
    half: 1.5,
    float: 0.1,
    double: 1e300,
    price: -1234.56,
    change: 725n, // in hundredths
    yes: true,
    name: 'Grüße',
    bytes: Uint8Array.of(1, 255),
    day: Date.parse('1969-12-31'),
    hour: 30_600_000_001n,
    second: Date.parse('2024-02-29T12:00:00Z'),
    milli: Date.parse('2024-02-29T12:00:00.250Z'),
    micro: Date.parse('2024-02-29T12:00:00.250Z'),
    nano: Date.parse('2024-02-29T12:00:00Z'),
    moment: Date.parse('1969-12-31T23:59:59.750Z'),
    list: [1, null, 3],
    pair: [0.5, -0.5],
    thing: { a: 1, b: 'x' },
    words: [['one', 1]],
    nothing: null,
  };
  const columns = Object.entries(first).map(([name, value]) => [name, [value, null]] as const);
  const table = arrow.tableFromArrays(columns as never, { types, useBigInt: true });
  put('kinds.arrow', arrow.tableToIPC(table, { format: 'file' }));

  const { cells, columns: read } = await runs.run('FROM kinds');
  expect(Object.fromEntries(read.map(({ name, type }) => [name, type]))).toEqual({
    tiny: 'TINYINT',
    big: 'BIGINT',
    huge: 'UBIGINT',
    half: 'FLOAT',
    float: 'FLOAT',
    double: 'DOUBLE',
    price: 'DECIMAL(18,2)',
    change: 'DECIMAL(9,2)',
    yes: 'BOOLEAN',
    name: 'VARCHAR',
    bytes: 'BLOB',
    day: 'DATE',
    hour: 'TIME',
    second: 'TIMESTAMP',
    milli: 'TIMESTAMP',
    micro: 'TIMESTAMP',
    nano: 'TIMESTAMP_NS',
    moment: 'TIMESTAMP WITH TIME ZONE',
    list: 'INTEGER[]',
    pair: 'DOUBLE[]',
    thing: 'STRUCT(a INTEGER, b VARCHAR)',
    words: 'MAP(VARCHAR, INTEGER)',
    nothing: 'INTEGER',
  });
  expect(cells).toEqual([
    [
      -128,
      '9007199254740993',
      '18446744073709551615',
      1.5,
      0.1,
      1e300,
      -1234.56,
      7.25,
      true,
      'Grüße',
      '\\x01\\xFF',
      '1969-12-31',
      '08:30:00.000001',
      '2024-02-29T12:00:00',
      '2024-02-29T12:00:00.25',
      '2024-02-29T12:00:00.25',
      '2024-02-29T12:00:00',
      '1969-12-31T23:59:59.75Z',
      [1, null, 3],
      [0.5, -0.5],
      { a: 1, b: 'x' },
      { one: 1 },
      null,
    ],
    read.map(() => null),
  ]);
});

test('a column of a type that DuckDB has not is named, with its type', async () => {
  const spans = arrow.tableFromArrays(
    { ok: [1], span: [5n] },
    { types: { span: arrow.duration() } },
  );
  put('spans.arrow', arrow.tableToIPC(spans, { format: 'file' }));
  const { code, message } = await failureOf(runs.run('FROM spans'));
  expect(code).toBe('sql_error');
  expect(message).toBe(
    'The file spans.arrow cannot be read: its column "span" is of the type Duration, which is not supported',
  );
});

test('a file that is no Arrow file, or not all of one, disturbs only the query that names it', async () => {
  const whole = arrow.tableToIPC(letters, { format: 'stream' }) as Uint8Array;
  put('text.arrow', Buffer.from('This is a text of some length and no Arrow file.'));
  put('empty.arrow', Buffer.alloc(0));
  put('old.feather', Buffer.from('FEA1 and what follows'));
  put('cut.arrows', whole.subarray(0, whole.length - 100));
  for (const [table, reason] of [
    ['text', 'not an Arrow file'],
    ['empty', 'does not begin like an Arrow file'],
    ['old', 'Feather version 1'],
    ['cut', 'ends early'],
  ] as const) {
    const { code, message } = await failureOf(runs.run(`FROM ${table}`));
    expect(code).toBe('sql_error');
    expect(message).toMatch(new RegExp(`^The file ${table}\\.\\w+ cannot be read: .*${reason}`));
  }
  expect((await runs.run('SELECT count(*) FROM letters')).cells).toEqual([[5000]]);
});

test('the editor is told its columns, and SHOW TABLES knows it', async () => {
  const tables = await runs.describe({ adapter: 'duckdb', folder: runs.data });
  expect(tables.find(({ name }) => name === 'letters')?.columns).toEqual([
    { name: 'id', type: 'INTEGER' },
    { name: 'letter', type: 'VARCHAR' },
  ]);
  const { cells } = await runs.run('SHOW TABLES');
  expect(cells.flat()).toEqual(expect.arrayContaining(['flights', 'letters', 'same_flights']));
  expect((await runs.run('SELECT count(*) FROM main.letters')).cells).toEqual([[5000]]);
});

test('a link that leads out of the folder is no table', async () => {
  symlinkSync(vega('flights-200k.arrow'), join(runs.data, 'linked.arrow'));
  const { message } = await failureOf(runs.run('FROM linked'));
  expect(message).toContain('Table with name linked does not exist');
});

test('rows that do not fit in the memory of the query fail it', async () => {
  const codec = arrow.CompressionType.ZSTD;
  const zeros = arrow.tableFromArrays({ zero: new Float64Array(60_000_000) });
  put('large.arrow', arrow.tableToIPC(zeros, { format: 'file', codec }));
  const limits = { memoryBytes: 300_000_000 };
  const { code } = await failureOf(runs.runAlone('SELECT count(*) FROM large', { limits }));
  expect(code).toBe('memory_limit');
  expect((await runs.runAlone('SELECT count(*) FROM letters', { limits })).cells).toEqual([[5000]]);
});
