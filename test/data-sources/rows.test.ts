import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TotalAggregate, totalAggregates } from '../../src/charts/chart-words.ts';
import { openDuckdb } from '../../src/data-sources/results/duckdb.ts';
import { RowReader } from '../../src/data-sources/rows/row-reader.ts';
import type {
  FilterOperator,
  RowsRange,
  RowsView,
  RowTotal,
} from '../../src/data-sources/rows-view.ts';

const MEMORY = 1024 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-rows-'));
let duckdb: DuckDBConnection;
beforeAll(async () => {
  duckdb = await openDuckdb();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The result of some SQL, opened to read its rows. */
async function open(sql: string) {
  const file = join(folder, 'result.parquet');
  await duckdb.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  const own = await openDuckdb();
  const reader = await RowReader.open(own, { parquetFile: file, memoryBytes: MEMORY });
  const read = async (
    view: Partial<RowsView> = {},
    range: RowsRange = { offset: 0, limit: 100 },
    totals: readonly RowTotal[] = [],
  ) => {
    const whole = { sort: [], filters: [], search: '', ...view };
    const page = await reader.page(whole, range, totals);
    return { ...page, rows: JSON.parse(page.rows) as unknown[][], whole };
  };
  return { reader, read };
}

const by = (column: number, descending = false) => ({ column, descending });
const where = (column: number, operator: FilterOperator, value = '') => ({
  filters: [{ column, operator, value }],
});

test('each page is that part of the whole order, before and after it is kept', async () => {
  const count = 5_000;
  const { reader, read } = await open(
    `SELECT i::INTEGER AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE 'name ' || (i * 31 % 10) END AS name, i * 17 % 13 AS n
     FROM range(${count}) r(i)`,
  );
  const all = Array.from({ length: count }, (_, i) => ({
    id: i,
    name: i % 7 === 0 ? null : `name ${(i * 31) % 10}`,
    n: (i * 17) % 13,
  }));
  const compare = (a: string | null, b: string | null) =>
    a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;
  const byName = all.toSorted((a, b) => compare(a.name, b.name) || b.n - a.n || a.id - b.id);
  const namesDown = all.toSorted(
    (a, b) =>
      Number(a.name === null) - Number(b.name === null) || compare(b.name, a.name) || a.id - b.id,
  );
  const found = all.filter(({ name, n }) => name?.includes('me 3') || n === 3);
  const views = [
    [{}, all],
    [{ sort: [by(1), by(2, true)] }, byName],
    [{ sort: [by(1, true)] }, namesDown],
    [{ filters: [{ column: 2, operator: 'gte', value: '12' }] }, all.filter(({ n }) => n >= 12)],
    [
      { search: 'ME 3', ...where(0, 'lt', '2500') },
      found.filter(
        ({ id, name }) =>
          (id < 2500 && name?.includes('me 3')) || (id < 2500 && String(id).includes('me 3')),
      ),
    ],
    [
      { sort: [by(1)], ...where(2, 'eq', '5') },
      all.filter(({ n }) => n === 5).toSorted((a, b) => compare(a.name, b.name) || a.id - b.id),
    ],
  ] as const;
  for (const round of ['from the file', 'prepared'])
    for (const [view, expected] of views)
      for (const offset of [0, 90, 2_040, expected.length - 3, expected.length, count + 10]) {
        const page = await read(view, { offset: Math.max(0, offset), limit: 100 });
        const ids = expected
          .slice(Math.max(0, offset))
          .slice(0, 100)
          .map(({ id }) => id);
        expect(
          page.rows.map(([id]) => id),
          `${round}: ${JSON.stringify(view)} ${offset}`,
        ).toEqual(ids);
        expect(page.rowCount).toBe(expected.length);
        if (round === 'from the file' && offset === expected.length)
          await reader.prepare(page.whole);
      }
});

const EVERY_TYPE = `
    SELECT unnest([true, NULL]) AS yes, 1::UTINYINT AS tiny, 18446744073709551615::UBIGINT AS huge, 0.5::DECIMAL(38,38) AS fine,
      12345678901234567890123456789012345678::DECIMAL(38,0) AS wide, '-inf'::DOUBLE AS least, 'nan'::FLOAT AS odd,
      DATE 'infinity' AS never, TIMESTAMP '-infinity' AS ever, TIMESTAMP_S '2024-01-01 10:00:00' AS s,
      TIMESTAMP_NS '2024-01-01 10:00:00.123456789' AS ns, TIMESTAMPTZ '2024-01-01 10:00:00Z' AS zoned, TIME '10:00' AS clock,
      uuid() AS uuid, 'a'::BLOB AS bytes, '{"a": [1]}'::JSON AS json, [1, NULL] AS list, {'x': 1, 'y': ['b']} AS struct,
      MAP {'k': 1} AS map, DATE '290000-01-01' AS far, 'text' AS words`;

test('columns of every type are sorted, searched and compared', async () => {
  const { reader, read } = await open(EVERY_TYPE);
  const { whole } = await read();
  for (const round of ['from the file', 'prepared']) {
    const count = (await read()).rows[0]?.length ?? 0;
    expect(count).toBe(21);
    for (let column = 0; column < count; column++) {
      expect((await read({ sort: [by(column, true)] })).rowCount, `${round} ${column}`).toBe(2);
      for (const operator of ['empty', 'not_empty'] as const)
        expect((await read(where(column, operator))).rowCount).toBeLessThan(3);
      for (const value of [
        '1',
        'true',
        '2024-01-01',
        '10:00',
        '1e400',

        '99999999999999999999999999999999999999999',
      ])
        for (const operator of ['ne', 'gte', 'contains'] as const) {
          const found = await read(where(column, operator, value)).catch((error) => error);
          if (found instanceof Error) expect(found.message).toMatch(/the value must be/);
        }
    }
    expect((await read({ search: '"y":["b"]' })).rowCount).toBe(2);
    expect((await read({ search: 'nothing of it' })).rowCount).toBe(0);
    await reader.prepare(whole);
  }
});

describe('totals', () => {
  const one = { offset: 0, limit: 1 };
  const ask = (column: number, ...aggregates: TotalAggregate[]) =>
    aggregates.map((aggregate) => ({ column, aggregate }));
  const valuesOf = ({ totals }: { totals: readonly { value: unknown }[] }) =>
    totals.map(({ value }) => value);

  test('are of all rows that match, before and after they are prepared, and have all their digits', async () => {
    const { reader, read } = await open(`
      SELECT i::INTEGER AS id, CASE WHEN i % 10 > 0 THEN (i * 1.01)::DECIMAL(38,2) END AS price,
        9007199254740993 + i AS big, 0.1::DOUBLE AS small FROM range(3000) r(i)`);
    const cents = (to: number) =>
      Array.from({ length: to }, (_, i) => (i % 10 > 0 ? BigInt(i) * 101n : 0n));
    const sum = (values: bigint[]) => values.reduce((left, right) => left + right, 0n);
    const money = (value: bigint) => Number(value) / 100;
    const asked = [
      ...ask(1, 'sum', 'count', 'count_distinct', 'min', 'max'),
      ...ask(2, 'sum'),
      ...ask(3, 'sum', 'avg'),
    ];
    const { whole } = await read();
    for (const round of ['from the file', 'prepared']) {
      const all = await read({ sort: [by(0, true)] }, one, asked);
      expect(valuesOf(all), round).toEqual([
        money(sum(cents(3000))),
        2700,
        2700,
        1.01,
        3028.99,
        String(9_007_199_254_740_993n * 3000n + 4_498_500n),
        300,
        0.1,
      ]);
      const some = await read(where(0, 'lt', '500'), one, asked);
      expect(valuesOf(some).slice(0, 2), round).toEqual([money(sum(cents(500))), 450]);
      const none = await read({ search: 'nothing of it' }, one, asked);
      expect(valuesOf(none)).toEqual([null, 0, 0, null, null, null, null, null]);
      await reader.prepare(whole);
    }
    const cent = await open(`SELECT ${'9'.repeat(30)}.01::DECIMAL(38,2) AS price FROM range(3)`);
    expect(valuesOf(await cent.read({}, one, ask(0, 'sum')))).toEqual([`2${'9'.repeat(29)}7.03`]);
    const most = await open(`SELECT ${'9'.repeat(38)}::DECIMAL(38,0) AS n FROM range(2)`);
    expect(valuesOf(await most.read({}, one, ask(0, 'sum', 'max')))).toEqual([
      2e38,
      '9'.repeat(38),
    ]);
  });

  test('leave out what is infinite or not a number, and say of how many values', async () => {
    const { read } = await open(
      "SELECT unnest([1.5, 'inf'::DOUBLE, 'nan'::DOUBLE, NULL, 2]) AS n, unnest(['1', '2.5', NULL, NULL, '-4']) AS text",
    );
    const { totals } = await read({}, one, [
      ...ask(0, 'sum', 'max', 'count'),
      ...ask(1, 'sum', 'max'),
    ]);
    expect(totals).toEqual([
      { value: 3.5, leftOut: 2 },
      { value: 2, leftOut: 2 },
      { value: 4, leftOut: 0 },
      { value: -0.5, leftOut: 0 },
      { value: 2.5, leftOut: 0 },
    ]);
  });

  test('of every type are read or refused', async () => {
    const { read } = await open(EVERY_TYPE);
    const columns = Array.from({ length: 21 }, (_, column) => column);
    const taken = totalAggregates.filter((one) => one !== 'sum' && one !== 'avg');
    const all = columns.flatMap((column) => ask(column, ...taken));
    expect(valuesOf(await read({}, one, all))).toHaveLength(84);
    for (const column of columns) {
      const found = await read({}, one, ask(column, 'sum', 'avg')).catch((error) => error);
      if (found instanceof Error) expect(found.message).toMatch(/takes numbers/);
      else expect(found.totals).toHaveLength(2);
    }
  });
});

test('more orders than are kept are made again', async () => {
  const { read } = await open('SELECT i % 3 AS a, i AS b FROM range(10) r(i)');
  for (let round = 0; round < 2; round++)
    for (let value = 0; value < 10; value++)
      expect((await read(where(1, 'gte', String(value)))).rows).toHaveLength(10 - value);
});

describe('a filter', () => {
  const VALUES = `SELECT * FROM (VALUES
    (1, 9007199254740993::BIGINT, 0.10::DECIMAL(10,2), 0.1::FLOAT, 0.5::DOUBLE, true, DATE '2024-01-31', TIMESTAMP '2024-01-31 10:00:00', TIMESTAMPTZ '2024-01-31 10:00:00+00', TIME '09:30', 'München', ['a', 'b']),
    (2, 2, 99999999.99, 'nan', 'inf', false, '2024-02-01', '2024-02-01 00:00:00.5', '2024-02-01 00:00:00+00', '10:00', '', []),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
  ) t(id, big, price, small, real, yes, day, "at", zoned, clock, city, list)`;
  const columns = [
    'id',
    'big',
    'price',
    'small',
    'real',
    'yes',
    'day',
    'at',
    'zoned',
    'clock',
    'city',
    'list',
  ];
  const cases: [column: string, operator: FilterOperator, value: string, ids: number[]][] = [
    ['big', 'eq', '9007199254740993', [1]],
    ['big', 'eq', '9007199254740992', []],
    ['big', 'gt', '1.5', [1, 2]],
    ['big', 'lt', '1e40', [1, 2]],
    ['big', 'lt', '99999999999999999999999999999999999', [1, 2]],
    ['price', 'eq', '0.1', [1]],
    ['price', 'gt', '0.095', [1, 2]],
    ['price', 'eq', '0.1000000000000000000000000000000000000000000001', [1]],
    ['price', 'ne', '0.1', [2, 3]],
    ['small', 'eq', '0.1', [1]],
    ['real', 'lte', '.5', [1]],
    ['yes', 'eq', 'TRUE', [1]],
    ['day', 'eq', '2024-01-31', [1]],
    ['day', 'lte', '2024-01-31T23:00', [1]],
    ['at', 'gte', '2024-02-01', [2]],
    ['at', 'eq', '2024-01-31T10:00:00', [1]],
    ['zoned', 'eq', '2024-01-31T10:00:00Z', [1]],
    ['zoned', 'lt', '2024-01-31T12:00:00+01:00', [1]],
    ['clock', 'lt', '10:00', [1]],
    ['city', 'contains', 'MÜN', [1]],
    ['city', 'contains', "%'", []],
    ['city', 'empty', '', [2, 3]],
    ['city', 'not_empty', '', [1]],
    ['day', 'empty', '', [3]],
    ['at', 'contains', '31T10', [1]],
    ['zoned', 'contains', '00Z', [1, 2]],
    ['list', 'contains', '"b"', [1]],
    ['list', 'eq', '[]', [2]],
  ];
  const refused: [column: string, value: string, accepted: RegExp][] = [
    ['big', 'many', /a number/],
    ['price', '0x1F', /a number/],
    ['real', 'nan', /a number/],
    ['yes', '1', /true or false/],
    ['day', '2024-02-30', /a date/],
    ['at', 'today', /a date or time/],
    ['clock', '25:00', /a time of day/],
  ];

  test('compares values as what their column is, and refuses others by name', async () => {
    const { read } = await open(VALUES);
    for (const [column, operator, value, ids] of cases) {
      const { rows } = await read(where(columns.indexOf(column), operator, value));
      expect(
        rows.map(([id]) => id),
        `${column} ${operator} ${value}`,
      ).toEqual(ids);
    }
    for (const [column, value, accepted] of refused) {
      const asked = read(where(columns.indexOf(column), 'gt', value));
      await expect(asked, `${column} ${value}`).rejects.toThrow(accepted);
      await expect(asked).rejects.toThrow(`filter[${column}] is "gt:${value}"`);
    }
    for (const column of columns.keys()) {
      const { rows } = await read({ sort: [by(column)] });
      expect(rows.at(-1)?.[0], columns[column]).toBe(3);
    }
  });
});

test('columns may be called as what DuckDB calls its own, and none is taken for another', async () => {
  const { reader, read } = await open(
    `SELECT 2 AS file_row_number, 'x' AS rowid, 7 AS n, 8 AS c0, 9 AS "a""b" UNION ALL SELECT 1, 'y', 6, 5, 4`,
  );
  const { whole, rows } = await read({ sort: [by(0)] });
  expect(rows).toEqual([
    [1, 'y', 6, 5, 4],
    [2, 'x', 7, 8, 9],
  ]);
  await reader.prepare(whole);
  expect((await read({ sort: [by(4, true)] })).rows.map(([first]) => first)).toEqual([2, 1]);
  expect((await read()).rows.map(([first]) => first)).toEqual([2, 1]);
});

test('a page of long cells is bounded, and one row alone has them longer', async () => {
  const { read } = await open(
    `SELECT i, repeat('ä', 400_000) AS long, {'text': repeat('b', 50_000)} AS nested FROM range(100) r(i)`,
  );
  const many = await read({}, { offset: 0, limit: 100 });
  expect(many.rows).toHaveLength(100);
  expect(JSON.stringify(many.rows).length).toBeLessThan(1_100_000);
  expect(many.rows[0]?.[1]).toMatch(/^ä{3333}…/);
  const { rows } = await read({}, { offset: 99, limit: 1 });
  expect(String(rows[0]?.[1])).toMatch(/^ä{333333}…/);
  expect(rows[0]?.[2]).toEqual({ text: 'b'.repeat(50_000) });
});
