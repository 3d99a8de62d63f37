import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../src/charts/chart-spec.ts';
import type { Cell, Picture, SeriesPicture } from '../../src/charts/picture.ts';
import { makePictures } from '../../src/data-sources/pictures/make-pictures.ts';
import { PivotReader } from '../../src/data-sources/pictures/pivot-reader.ts';
import type { PivotRange } from '../../src/data-sources/pivot-range.ts';
import { openDuckdb } from '../../src/data-sources/results/duckdb.ts';
import { rounds } from '../support/rounds.ts';

let duckdb: DuckDBConnection;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-pivots-'));
const file = join(folder, 'result.parquet');
beforeAll(async () => {
  duckdb = await openDuckdb();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The pivot tables of the result of some SQL. */
async function open(sql: string) {
  await duckdb.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  const reader = await PivotReader.open(duckdb, { parquetFile: file, memoryBytes: 2 ** 30 });
  const chartOf = (spec: ChartSpec) => ({ type: 'pivotTable', spec });
  return {
    first: async (spec: ChartSpec) => {
      const [made = ''] = await makePictures(duckdb, file, [chartOf(spec)]);
      return { made: pivotOf(JSON.parse(made)), bytes: Buffer.byteLength(made) };
    },
    part: async (spec: ChartSpec, range: PivotRange) => {
      const made = await reader.read(chartOf(spec), range, {});
      return { made: pivotOf(JSON.parse(made)), bytes: Buffer.byteLength(made) };
    },
  };
}

function pivotOf(made: Picture): SeriesPicture {
  if (made.kind !== 'series') throw new Error(JSON.stringify(made));
  return made;
}

/** The cells of a part, row by row; undefined where there is none. */
function cellsOf({ x, series }: SeriesPicture): (Cell | undefined)[][] {
  return series.map(({ at, values }) => {
    const row: (Cell | undefined)[] = x.values.map(() => undefined);
    for (const [index, value] of values.entries()) row[at?.[index] ?? index] = value;
    return row;
  });
}

const EVERYTHING: PivotRange = { row: 0, rows: 1_000, column: 0, columns: 200 };

describe('a pivot table of random rows', () => {
  type Row = { x: string | null; s: string | null; y: number | null; z: number };
  type Made = (rows: readonly Row[], of: 'y' | 'z') => Cell | undefined;

  const sumOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0);
  const made: Record<'sum' | 'avg' | 'count_distinct' | 'last', Made> = {
    sum: (rows, of) => combined(rows, of, sumOf),
    avg: (rows, of) => combined(rows, of, (values) => sumOf(values) / values.length),
    last: (rows, of) => combined(rows, of, (values) => values.at(-1) as number),
    count_distinct: (rows, of) =>
      rows.length === 0 ? undefined : new Set(valuesIn(rows, of)).size,
  };
  const valuesIn = (rows: readonly Row[], of: 'y' | 'z') =>
    rows.map((row) => row[of]).filter((value) => value !== null);
  function combined(rows: readonly Row[], of: 'y' | 'z', make: (values: number[]) => number) {
    if (rows.length === 0) return undefined;
    const values = valuesIn(rows, of);
    return values.length === 0 ? null : make(values);
  }

  test.each(Array.from({ length: rounds({ usual: 6, full: 300 }) }, (_, index) => index))(
    'is the same in one and in parts, and its totals are of the rows: %i',
    async (seed) => {
      let state = seed * 6_700_417 + 29;
      const random = (below: number) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const [columns, lines] = [1 + random(30), 1 + random(30)];
      const rows = Array.from(
        { length: 1 + random(400) },
        (): Row => ({
          x: random(12) === 0 ? null : `x${random(columns)}`,
          s: random(12) === 0 ? null : `s${random(lines)}`,
          y: random(6) === 0 ? null : random(400) / 4,
          z: random(100),
        }),
      );
      const cell = (value: string | number | null) =>
        value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`;
      const values = rows.map((row) => `(${Object.values(row).map(cell).join(', ')})`);
      const { first, part } = await open(
        `SELECT x::VARCHAR AS x, s::VARCHAR AS s, y::DOUBLE AS y, z::INTEGER AS z FROM (VALUES ${values.join(', ')}) t(x, s, y, z)`,
      );
      const aggregate = (['sum', 'avg', 'count_distinct', 'last'] as const)[random(4)] ?? 'sum';
      const spec: ChartSpec = {
        ...{ x: 'x', y: ['y', 'z'], series: 's', aggregate, pivot_totals: 'both' },
      };

      const allX = [...new Set(rows.map(({ x }) => x))];
      const allS = [...new Set(rows.map(({ s }) => s))];
      const make = made[aggregate];
      const measures = ['y', 'z'] as const;
      const named = measures.flatMap((of) => allS.map((s) => ({ of, s })));
      const own = (s: string | null) => rows.filter((row) => row.s === s);
      const expected = named.map(({ of, s }) =>
        allX.map((x) =>
          make(
            own(s).filter((row) => row.x === x),
            of,
          ),
        ),
      );
      const totals = {
        rows: named.map(({ of, s }) => make(own(s), of)),
        columns: measures.map((of) =>
          allX.map((x) =>
            make(
              rows.filter((row) => row.x === x),
              of,
            ),
          ),
        ),
        all: measures.map((of) => make(rows, of)),
      };

      const { made: whole } = await first(spec);
      expect(whole.x.values).toEqual(allX);
      expect(whole.series.map(({ measure, value }) => ({ measure, value }))).toEqual(
        named.map(({ of, s }) => ({ measure: measures.indexOf(of), value: s })),
      );
      expect(cellsOf(whole)).toEqual(expected);
      expect(whole.totals).toEqual(totals);
      expect(whole.part).toBeUndefined();

      for (let round = 0; round < 4; round++) {
        const range = {
          ...{ row: random(named.length), rows: 1 + random(40) },
          ...{ column: random(allX.length), columns: 1 + random(20) },
        };
        const inRows = <Value>(list: Value[]) => list.slice(range.row, range.row + range.rows);
        const inColumns = <Value>(list: Value[]) =>
          list.slice(range.column, range.column + range.columns);
        const { made: read } = await part(spec, range);
        expect(read.x.values).toEqual(inColumns(allX));
        expect(cellsOf(read)).toEqual(inRows(expected).map(inColumns));
        expect(read.totals).toEqual({
          rows: inRows(totals.rows),
          columns: totals.columns.map(inColumns),
          all: totals.all,
        });
        expect(read.series.map(({ value }) => value)).toEqual(inRows(named.map(({ s }) => s)));
      }
    },
  );
});

test('a pivot table with more cells than one part has is read to the last, and no part is too large', async () => {
  const long = 'x'.repeat(180);
  const { first, part } = await open(
    `SELECT 'row ${long}' || n // 5000 AS s, 'column ${long}' || n % 5000 AS x, n AS v FROM range(60000) t(n)`,
  );
  const spec: ChartSpec = { x: 'x', y: ['v'], series: 's', pivot_totals: 'columns' };
  const { made, bytes } = await first(spec);
  expect(made.part).toMatchObject({ row_count: 12, column_count: 5000 });
  expect([made.series.length, made.x.values.length]).toEqual([12, 200]);
  expect(bytes).toBeLessThan(1_000_000);
  const last = await part(spec, { row: 11, rows: 50, column: 4990, columns: 200 });
  expect(cellsOf(last.made)).toEqual([Array.from({ length: 10 }, (_, at) => 59_990 + at)]);
  expect(last.made.part).toEqual({
    ...{ offset: 11, row_count: 12, column_offset: 4990, column_count: 5000 },
  });
  expect(last.made.totals?.columns?.[0]?.at(-1)).toBe(
    Array.from({ length: 12 }, (_, row) => row * 5000 + 4999).reduce((sum, one) => sum + one),
  );
  const beyond = await part(spec, { row: 90, rows: 50, column: 9000, columns: 200 });
  expect([beyond.made.series, beyond.made.x.values]).toEqual([[], []]);
  const most = await part(spec, { row: 0, rows: 1_000, column: 0, columns: 5_000 });
  expect(most.bytes).toBeLessThan(1_000_000);
  expect(most.made.series.length).toBeGreaterThan(0);
});

test('dates without a day, and those that no calendar has, have columns of their own', async () => {
  const { first } = await open(`SELECT * FROM (VALUES (DATE '2024-01-02', 1), (NULL, 2),
    ('infinity', 4), ('2024-01-01', 8)) t(day, n)`);
  const { made } = await first({ x: 'day', y: ['n'], pivot_totals: 'rows' });
  expect(made.x.values).toEqual(['2024-01-01', '2024-01-02', 'infinity', null]);
  expect(cellsOf(made)).toEqual([[8, 1, 4, 2]]);
  expect(made.totals).toEqual({ rows: [15] });
  expect(made.notes).toEqual([]);
});

test('totals are exact, and there are none where nobody asked', async () => {
  const { first } = await open(
    `SELECT 'a' AS s, n AS x, ${'9'.repeat(30)}.01::DECIMAL(38,2) AS price FROM range(3) t(n)`,
  );
  const spec = { x: 'x', y: ['price'], series: 's' };
  expect((await first({ ...spec, pivot_totals: 'rows' })).made.totals).toEqual({
    rows: [`2${'9'.repeat(29)}7.03`],
  });
  expect((await first(spec)).made.totals).toBeUndefined();
});

test('more pivot tables than are kept are made again', async () => {
  const { part } = await open('SELECT n % 3 AS x, n AS v FROM range(12) t(n)');
  for (let round = 0; round < 2; round++)
    for (const aggregate of ['sum', 'min', 'max', 'count', 'avg', 'median'] as const) {
      const { made } = await part({ x: 'x', y: ['v'], aggregate }, EVERYTHING);
      expect(made.x.values).toEqual([0, 1, 2]);
    }
  const tables = await duckdb.runAndReadAll(
    "SELECT count(*)::INTEGER FROM duckdb_tables() WHERE table_name LIKE 'pivot\\_%\\_cells' ESCAPE '\\'",
  );
  expect(tables.getRows()[0]?.[0]).toBeLessThanOrEqual(5);
});
