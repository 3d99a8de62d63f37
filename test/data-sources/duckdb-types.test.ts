import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import type { ResultFormat } from '../../src/data-sources/query-job.ts';
import { openQueryRuns } from '../support/query-runs.ts';

const runs = openQueryRuns({ spare: 0 });
afterAll(() => runs.close());

const HUGE = '170141183460469231731687303715884105727';

/** What DuckDB computes, its type in the result, its cell in JSON, and in CSV where that is written otherwise. */
const cases: readonly (readonly [string, string, unknown, string?])[] = [
  // Intervals: of any length, in either direction, at any depth.
  [
    "sum(mins) * INTERVAL '1 minute' FROM (VALUES (60000), (30000)) t(mins)",
    'VARCHAR',
    '1500:00:00',
  ],
  ["TIMESTAMP '2024-01-01' - TIMESTAMP '2024-01-05 12:00'", 'VARCHAR', '-4 days -12:00:00'],
  ["INTERVAL '50 days' + INTERVAL '1 microsecond'", 'VARCHAR', '50 days 00:00:00.000001'],
  ["[INTERVAL '-1 month', NULL]", 'VARCHAR[]', ['-1 month', null], '[-1 month, NULL]'],
  [
    "{'age': INTERVAL '5000000000 milliseconds'}",
    'STRUCT(age VARCHAR)',
    { age: '1388:53:20' },
    "{'age': '1388:53:20'}",
  ],
  // Numbers that JSON or a reader's float does not hold.
  [`${HUGE}`, 'VARCHAR', HUGE],
  [`[${HUGE}, 1]`, 'VARCHAR[]', [HUGE, '1'], `[${HUGE}, 1]`],
  ['[9007199254740993]', 'BIGINT[]', ['9007199254740993'], '[9007199254740993]'],
  [
    "{'avg': 0::DOUBLE / 0, 'most': 1::FLOAT / 0}",
    'STRUCT(avg DOUBLE, most FLOAT)',
    { avg: 'nan', most: 'inf' },
  ],
  [
    "map {'a': 'nan'::DOUBLE, 'b': 1.5}",
    'MAP(VARCHAR, DOUBLE)',
    { a: 'nan', b: 1.5 },
    '{a=nan, b=1.5}',
  ],
  [
    "[{'n': [1e20::DECIMAL(38, 2)]}]",
    'STRUCT(n DECIMAL(38,2)[])[]',
    [{ n: ['100000000000000000000.00'] }],
    "[{'n': [100000000000000000000.00]}]",
  ],
  ['[0.1::FLOAT]', 'FLOAT[]', [0.1], '[0.1]'],
  // Tuples and other values of many.
  ["(1, 'x')", 'STRUCT("1" INTEGER, "2" VARCHAR)', { 1: 1, 2: 'x' }],
  ['[row(1, [2])]', 'STRUCT("1" INTEGER, "2" INTEGER[])[]', [{ 1: 1, 2: [2] }]],
  ['array_value(1, 2)', 'INTEGER[]', [1, 2]],
  [
    "map {1: {'when': TIMESTAMP '2024-01-01 08:00'}}",
    'MAP(INTEGER, STRUCT(when TIMESTAMP))',
    { 1: { when: '2024-01-01T08:00:00' } },
  ],
  ["{'a': NULL::INTEGER[]}", 'STRUCT(a INTEGER[])', { a: null }],
  ['NULL::STRUCT(a DOUBLE)', 'STRUCT(a DOUBLE)', null],
  ["['a'::ENUM ('a', 'b')]", 'VARCHAR[]', ['a']],
  ["{'u': union_value(n := 2)}", 'STRUCT(u VARCHAR)', { u: '2' }],
  ["['101'::BIT]", 'VARCHAR[]', ['101']],
  [
    "[TIMESTAMPTZ '2024-01-01 08:00:00+02']",
    'TIMESTAMP WITH TIME ZONE[]',
    ['2024-01-01T06:00:00Z'],
  ],
  ["TIME '10:00:00+02'::TIMETZ", 'VARCHAR', '10:00:00+00'],
  // JSON that is none.
  [`'{"a": NaN, "b": [1,]}'::JSON`, 'JSON', '{"a": NaN, "b": [1,]}'],
  [`'{"NaN, ]": "inf"}'::JSON`, 'JSON', { 'NaN, ]': 'inf' }],
  [`['Infinity'::JSON, '1'::JSON]`, 'JSON[]', ['Infinity', 1]],
  [`to_json({'a': 'nan'::DOUBLE})`, 'JSON', '{"a":NaN}'],
];

const convert = (file: string, format: ResultFormat) =>
  text(runs.processes.convert(file, { format }));

test('whatever DuckDB computes comes out whole, in each format and at every depth', async () => {
  const selected = cases.map(([sql], index) => `(SELECT ${sql}) AS c${index}`);
  const { file, columns, cells } = await runs.run(`SELECT ${selected.join(', ')}`);
  expect(columns).toMatchObject(cases.map(([, type], index) => ({ name: `c${index}`, type })));
  expect(cells).toEqual([cases.map(([, , cell]) => cell)]);
  const row = Object.fromEntries(cases.map(([, , cell], index) => [`c${index}`, cell]));
  expect(JSON.parse(await convert(file, 'json'))).toEqual([row]);
  expect(JSON.parse(await convert(file, 'ndjson'))).toEqual(row);
  const [, line = ''] = (await convert(file, 'csv')).split('\r\n');
  const texts = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  for (const [index, [, , cell, csv]] of cases.entries()) {
    const asText = texts[index]?.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"');
    if (csv !== undefined || typeof cell === 'string') expect(asText).toBe(csv ?? cell);
  }
});

test('sums of whole numbers are numbers, unless one is too long for that', async () => {
  const sum = 'SELECT sum(n) AS total FROM (VALUES (9007199254740993), (1)) t(n)';
  const { columns, cells } = await runs.run(sum);
  expect({ columns, cells }).toEqual({
    columns: [{ name: 'total', type: 'DECIMAL(38,0)' }],
    cells: [['9007199254740994']],
  });
});
