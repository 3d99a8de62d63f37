import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../src/charts/chart-spec.ts';
import type { Picture } from '../../src/charts/picture.ts';
import { makePictures } from '../../src/data-sources/pictures/make-pictures.ts';
import type { Cut } from '../../src/data-sources/query-job.ts';
import { openDuckdb } from '../../src/data-sources/results/duckdb.ts';
import { rounds } from '../support/rounds.ts';

let duckdb: DuckDBConnection;
const folder = mkdtempSync(join(tmpdir(), 'rollcall-pictures-'));
beforeAll(async () => {
  duckdb = await openDuckdb();
});
afterAll(() => rmSync(folder, { recursive: true }));

type Asked = [type: string, spec?: ChartSpec];

/** The pictures that charts make of the result of some SQL. */
async function pictures(sql: string, charts: readonly Asked[], cut?: Cut): Promise<Picture[]> {
  const file = join(folder, 'result.parquet');
  await duckdb.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
  const asWritten = charts.map(([type, spec = null]) => ({ type, spec }));
  const made = await makePictures(duckdb, file, asWritten, { cut });
  return made.map((json) => JSON.parse(json));
}

async function picture(sql: string, ...chart: Asked): Promise<Picture> {
  const [made] = await pictures(sql, [chart]);
  return made as Picture;
}

function seriesOf(made: Picture) {
  if (made.kind !== 'series') throw new Error(JSON.stringify(made));
  return made;
}

/** The values of a picture by x, of each series that has a value there. */
function table(made: Picture): unknown[][] {
  const { x, series } = seriesOf(made);
  return series.map(({ at, values }) =>
    at ? values.map((value, index) => [x.values[at[index] as number], value]) : values,
  );
}

const notesOf = ({ notes }: Picture) => notes.map(({ note }) => note);

const SALES =
  "SELECT * FROM (VALUES ('north', 10), ('north', 20), ('south', 5), ('south', 7)) t(region, sales)";

describe('the same x more than once', () => {
  test.each([
    ['sum', [30, 12]],
    ['avg', [15, 6]],
    ['min', [10, 5]],
    ['max', [20, 7]],
    ['count', [2, 2]],
    ['count_distinct', [2, 2]],
    ['median', [15, 6]],
    ['first', [10, 5]],
    ['last', [20, 7]],
  ] as const)('is made one value: %s', async (aggregate, values) => {
    const charts = ['bar', 'line', 'area', 'hBar', 'pivotTable'].map(
      (type): Asked => [type, { x: 'region', aggregate }],
    );
    for (const made of await pictures(SALES, charts)) {
      expect(table(made)).toEqual([values]);
      expect(made.notes).toEqual([{ note: 'aggregated', columns: ['sales'], aggregate }]);
    }
  });

  test('is summed where nobody said how, and nothing is said where no two rows meet', async () => {
    expect(table(await picture(SALES, 'pie'))).toEqual([[30, 12]]);
    const alone = seriesOf(await picture(`${SALES} WHERE sales IN (10, 5)`, 'bar'));
    expect(alone.measures).toEqual([{ column: 'sales', aggregate: null, axis: 'left' }]);
    expect(alone.notes).toEqual([]);
  });

  test('a scatter plot has a point for each row', async () => {
    const made = await picture('SELECT 1 AS a, n AS b FROM range(3) t(n)', 'scatter');
    expect(made).toMatchObject({
      kind: 'points',
      groups: [
        {
          points: [
            [1, 0],
            [1, 1],
            [1, 2],
          ],
        },
      ],
    });
  });
});

test('a chart is made of all rows, not of the first thousand', async () => {
  const sql = `SELECT DATE '2022-01-01' + (n // 3)::INT AS day, 'shop ' || n % 3 AS shop, 1 AS sales FROM range(3000) t(n)`;
  const { x, series } = seriesOf(
    await picture(sql, 'line', { x: 'day', y: ['sales'], series: 'shop' }),
  );
  expect([x.values[0], x.values.at(-1)]).toEqual(['2022-01-01', '2024-09-26']);
  expect(series.map(({ values }) => values.length)).toEqual([1000, 1000, 1000]);
});

test('sums have all their digits, and floats lose none to their order', async () => {
  const exact = 'SELECT 1 AS k, 9007199254740993 AS a, 0.1::DECIMAL(4, 2) AS b FROM range(3)';
  expect(table(await picture(exact, 'bar', { x: 'k', y: ['a', 'b'] }))).toEqual([
    ['27021597764222979'],
    [0.3],
  ]);
  const floats = 'SELECT 1 AS k, 0.1::DOUBLE AS a FROM range(10)';
  expect(table(await picture(floats, 'bar', { x: 'k', y: ['a'] }))).toEqual([[1]]);
  // 0.1 is lost among what is larger, unless it is kept beside the sum.
  const left = `SELECT 1 AS k, 's' || n AS s, CASE WHEN n < 12 THEN 5 ELSE 0.1 END::DOUBLE AS a FROM range(22) t(n)`;
  const [stack, pie] = await pictures(left, [
    ['stackedBar', { x: 'k', y: ['a'], series: 's' }],
    ['pie', { x: 's', y: ['a'] }],
  ]);
  expect(table(stack as Picture).at(-1)).toEqual([1]);
  expect(table(pie as Picture)[0]?.at(-1)).toBe(21);
});

test('sums that no exact type holds are floats, also those of what is left over', async () => {
  const huge = `SELECT n, 's' || n AS s, 1 AS k, ${'9'.repeat(38)}::DECIMAL(38, 0) AS a FROM range(20) t(n)`;
  const [bar, stack, pie, figure] = await pictures(huge, [
    ['bar', { x: 'k', y: ['a'] }],
    ['stackedBar', { x: 'k', y: ['a'], series: 's' }],
    ['pie', { x: 's', y: ['a'] }],
    ['bigNumber', { y: ['a'], aggregate: 'sum' }],
  ]);
  expect(table(bar as Picture)).toEqual([[2e39]]);
  expect(table(stack as Picture).at(-1)?.[0]).toBeCloseTo(8e38, -25);
  expect(table(pie as Picture)[0]?.at(-1)).toBeCloseTo(12e38, -25);
  expect(figure).toMatchObject({ values: [2e39] });
});

test('a median lies halfway, with the digits that it takes', async () => {
  const sql = `SELECT 1 AS k, (n / 100)::DECIMAL(4, 2) AS a, 9007199254740992 + n AS b, (n / 100)::DECIMAL(38, 38) AS c
    FROM range(1, 3) t(n)`;
  const made = await pictures(
    sql,
    ['a', 'b', 'c'].map((y): Asked => ['bar', { x: 'k', y: [y], aggregate: 'median' }]),
  );
  expect(made.map(table)).toEqual([[[0.015]], [['9007199254740993.5']], [[0.015]]]);
});

describe('a column', () => {
  test.each<[type: string, spec: ChartSpec, missing: string]>([
    ['bar', { x: 'rain' }, '"rain"'],
    ['line', { y: ['sales', 'rain'] }, '"rain"'],
    ['linePlusBar', { y2: ['rain'] }, '"rain"'],
    ['pivotTable', { series: 'rain' }, '"rain"'],
    ['scatter', { x: 'rain', y: ['wind'] }, '"rain", "wind"'],
    ['bigNumber', { y: ['rain'] }, '"rain"'],
    ['table', { columns: ['rain', 'sales'] }, '"rain"'],
  ])('that is named and not there is said, of %s %j', async (type, spec, missing) => {
    const made = await picture(SALES, type, spec);
    expect(made.kind === 'refused' && made.reason).toContain(`This run has no column`);
    expect(made.kind === 'refused' && made.reason).toContain(missing);
  });

  test('is only looked for where its type uses it', async () => {
    const made = await picture(SALES, 'bar', { x: 'region', y: ['sales'], y2: ['rain'] });
    expect(table(made)).toEqual([[30, 12]]);
  });

  test('of digits in texts stays text along x, and is a number where it is measured', async () => {
    const sql = `SELECT '0' || n AS zip, (n * 1.5)::VARCHAR AS price FROM range(3) t(n)`;
    expect(seriesOf(await picture(sql, 'bar', { x: 'zip', y: ['price'] }))).toMatchObject({
      x: { kind: 'text', values: ['00', '01', '02'] },
      series: [{ values: [0, 1.5, 3] }],
    });
    expect(await picture("SELECT 'a' AS k, 'x' AS v", 'bar', { x: 'k', y: ['v'] })).toMatchObject({
      kind: 'refused',
      reason: 'The values of "v" are not numbers: choose a numeric column, or count them.',
    });
    const counted = await picture("SELECT 'a' AS k, 'x' AS v", 'bar', {
      x: 'k',
      y: ['v'],
      aggregate: 'count',
    });
    expect(table(counted)).toEqual([[1]]);
  });
});

test.each([
  'x',
  's',
  'n',
  'm0',
  'v0',
  'o0',
  'place',
  'size',
  'line',
  'spot',
  'FILE_ROW_NUMBER',
  'a"b',
  'Über, all',
])('a column may be called %s', async (name) => {
  const called = `"${name.replaceAll('"', '""')}"`;
  const sql = `SELECT n % 2 AS kind, (n + 0.5)::DOUBLE AS ${called} FROM range(4) t(n)`;
  const charts: Asked[] = [
    ['bar', { x: 'kind', y: [name] }],
    ['scatter', { x: 'kind', y: [name] }],
    ['bigNumber', { y: [name], aggregate: 'last' }],
    ['bar', { x: name, y: ['kind'], series: name }],
  ];
  const [bars, dots, last, along] = await pictures(sql, charts);
  expect(table(bars as Picture)).toEqual([[3, 5]]);
  expect(dots).toMatchObject({
    groups: [
      {
        points: [
          [0, 0.5],
          [1, 1.5],
          [0, 2.5],
          [1, 3.5],
        ],
      },
    ],
  });
  expect(last).toMatchObject({ values: [3.5] });
  expect(seriesOf(along as Picture).x.values).toEqual([0.5, 1.5, 2.5, 3.5]);
});

test('values of any type have their places along x, tell series apart, and can be counted', async () => {
  const values = [
    "TIMESTAMP_S '2024-01-02 03:04:05'",
    "TIMESTAMP_MS '2024-01-02 03:04:05.678'",
    "TIMESTAMP_NS '2024-01-02 03:04:05.123456789'",
    "TIMESTAMPTZ '2024-01-02 03:04:05+02'",
    "TIME '03:04:05'",
    "DATE '0044-03-15 (BC)'",
    "DATE 'infinity'",
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::UUID",
    "'ab'::BLOB",
    '[1, 2]',
    "{'a': 1}",
    '\'{"a": 1}\'::JSON',
    'true',
    '12345678901234567890::UBIGINT',
    '1.5::FLOAT',
  ];
  for (const value of values) {
    const sql = `SELECT ${value} AS v, n AS k FROM range(2) t(n)`;
    const charts: Asked[] = [
      ['bar', { x: 'v', y: ['k'] }],
      ['bar', { x: 'k', y: ['k'], series: 'v' }],
      ['line', { x: 'v', y: ['k'] }],
      ['bar', { x: 'k', y: ['v'], aggregate: 'count' }],
      ['bigNumber', { y: ['v'] }],
    ];
    const [bars, series, , counted, figure] = await pictures(sql, charts);
    const isEndless = value.includes('infinity');
    expect(table(bars as Picture), value).toEqual(isEndless ? [[]] : [[1]]);
    expect(table(series as Picture), value).toEqual([[0, 1]]);
    expect(table(counted as Picture), value).toEqual([[1, 1]]);
    expect(figure, value).toMatchObject({ kind: 'figure' });
  }
});

describe('along x', () => {
  test('numbers and dates are in order, texts as the rows are', async () => {
    const sql = `SELECT * FROM (VALUES ('b', 10, DATE '2024-03-01', 1), ('a', 9, DATE '2024-01-01', 2)) t(t, n, d, v)`;
    const charts = ['t', 'n', 'd'].map((x): Asked => ['bar', { x, y: ['v'] }]);
    const made = await pictures(sql, charts);
    expect(made.map((one) => seriesOf(one).x.values)).toEqual([
      ['b', 'a'],
      [9, 10],
      ['2024-01-01', '2024-03-01'],
    ]);
    const sorted = (['x', 'value', '-value'] as const).map(
      (sort): Asked => ['bar', { x: 't', y: ['v'], sort }],
    );
    expect((await pictures(sql, sorted)).map((one) => seriesOf(one).x.values)).toEqual([
      ['a', 'b'],
      ['b', 'a'],
      ['a', 'b'],
    ]);
  });

  test('dates that stand in a column of texts are dates', async () => {
    const sql = `SELECT '2024-01-' || lpad((9 - n)::VARCHAR, 2, '0') AS day, n FROM range(3) t(n)`;
    expect(seriesOf(await picture(sql, 'line')).x).toMatchObject({
      kind: 'date',
      values: ['2024-01-07', '2024-01-08', '2024-01-09'],
    });
  });

  test('times are grouped in a time zone, and an hour that comes twice stays two', async () => {
    const sql = `SELECT unnest(['2024-03-30 23:30:00Z', '2024-03-31 00:30:00Z', '2024-03-31 22:30:00Z'])::TIMESTAMPTZ AS at, 1 AS n`;
    const days = seriesOf(
      await picture(sql, 'bar', { x: 'at', y: ['n'], unit: 'day', time_zone: 'Europe/Vienna' }),
    );
    expect([days.x.values, days.series[0]?.values]).toEqual([
      ['2024-03-31', '2024-04-01'],
      [2, 1],
    ]);
    expect(days.notes).toContainEqual({
      note: 'grouped',
      column: 'at',
      unit: 'day',
      time_zone: 'Europe/Vienna',
      chosen: false,
    });
    const twice = `SELECT unnest(['2024-10-27 00:30:00Z', '2024-10-27 01:30:00Z'])::TIMESTAMPTZ AS at, 1 AS n`;
    const hours = await picture(twice, 'bar', {
      x: 'at',
      y: ['n'],
      unit: 'hour',
      time_zone: 'Europe/Vienna',
    });
    expect(seriesOf(hours).x.values).toEqual(['2024-10-27T00:00:00Z', '2024-10-27T01:00:00Z']);
    const zones = [
      '+02:00',
      '+0200',
      '+02',
      '-05:30',
      '\u221205:30',
      'us/pacific',
      'GMT',
      'EST5EDT',
    ];
    const starts = await pictures(
      `SELECT TIMESTAMPTZ '2024-03-30 23:30:00Z' AS at, 1 AS n`,
      zones.flatMap((time_zone): Asked[] => [
        ['bar', { x: 'at', y: ['n'], unit: 'day', time_zone }],
        ['bar', { x: 'at', y: ['n'], unit: 'hour', time_zone }],
      ]),
    );
    expect(starts.map((made) => seriesOf(made).x.values[0])).toEqual([
      ...Array.from({ length: 3 }, () => ['2024-03-31', '2024-03-30T23:00:00Z']).flat(),
      ...Array.from({ length: 2 }, () => ['2024-03-30', '2024-03-30T23:30:00Z']).flat(),
      ...Array.from({ length: 3 }, () => ['2024-03-30', '2024-03-30T23:00:00Z']).flat(),
    ]);
    expect(
      await picture(sql, 'bar', { x: 'at', unit: 'day', time_zone: 'Mars/Olympus' }),
    ).toMatchObject({
      reason: 'The time zone "Mars/Olympus" does not exist.',
    });
    expect(await picture(SALES, 'bar', { x: 'region', unit: 'day' })).toMatchObject({
      reason: '"region" has no dates or times to group by day.',
    });
  });

  test('bars of more days than there is room for stand for weeks, which is said', async () => {
    const sql = `SELECT DATE '2020-01-01' + n::INT AS day, 1 AS n FROM range(1200) t(n)`;
    const made = seriesOf(await picture(sql, 'bar'));
    expect(made.x.unit).toBe('week');
    expect(made.series[0]?.values.reduce((sum: number, value) => sum + Number(value), 0)).toBe(
      1200,
    );
    expect(made.notes[0]).toMatchObject({ note: 'grouped', unit: 'week', chosen: true });
  });

  test('bars beside each other share their room: 500 in all', async () => {
    const days = `SELECT DATE '2024-01-01' + n::INT AS day, s, 1 AS v FROM range(60) t(n), range(10) u(s)`;
    const spec: ChartSpec = { x: 'day', y: ['v'], series: 's' };
    const [beside, stacked] = await pictures(days, [
      ['bar', spec],
      ['stackedBar', spec],
    ]);
    expect(seriesOf(beside as Picture).x.unit).toBe('week');
    expect(seriesOf(stacked as Picture).x).toMatchObject({ unit: null });
    const texts = days.replace('AS day', "|| '' AS day");
    const left = seriesOf(
      await picture(`SELECT day || 'x' AS day, s, v FROM (${texts})`, 'hBar', spec),
    );
    expect(left.notes).toEqual([{ note: 'values_left_out', column: 'day', count: 10, of: 60 }]);
  });

  test('rows without a value have no place on a scale, which is said, and one among texts', async () => {
    const sql = `SELECT * FROM (VALUES (1, 'a', 5), (NULL, NULL, 7), ('nan', 'b', 9)) t(n, t, v)`;
    const scale = await picture(sql.replace('(1,', '(1::DOUBLE,'), 'line', { x: 'n', y: ['v'] });
    expect(seriesOf(scale).x.values).toEqual([1]);
    expect(scale.notes).toContainEqual({ note: 'empty_x', column: 'n', rows: 2 });
    const texts = await picture(sql.replace('(1,', '(1::DOUBLE,'), 'bar', { x: 't', y: ['v'] });
    expect(seriesOf(texts).x.values).toEqual(['a', null, 'b']);
  });
});

describe('gaps', () => {
  test('are gaps, and each series has its own places', async () => {
    const sql = `SELECT * FROM (VALUES (1, 'a', 1), (2, 'a', NULL), (3, 'a', 3), (2, 'b', 5)) t(x, s, y)`;
    expect(seriesOf(await picture(sql, 'line', { x: 'x', y: ['y'], series: 's' })).series).toEqual([
      { measure: 0, value: 'a', values: [1, null, 3] },
      { measure: 0, value: 'b', at: [1], values: [5] },
    ]);
    const stacked = await picture(sql, 'area', { x: 'x', y: ['y'], series: 's' });
    expect(seriesOf(stacked).series.map(({ values }) => values)).toEqual([
      [1, null, 3],
      [0, 5, 0],
    ]);
  });

  test('stand for infinite values, which are counted', async () => {
    const made = await picture(
      "SELECT unnest([1, 2]) AS x, unnest([1.5, 'inf'::DOUBLE]) AS y",
      'line',
      { x: 'x', y: ['y'] },
    );
    expect(table(made)).toEqual([[1.5, null]]);
    expect(made.notes).toEqual([{ note: 'not_finite', column: 'y', count: 1 }]);
  });
});

describe('more than there is room for', () => {
  const many = `SELECT 's' || n % 40 AS s, n // 40 AS x, n % 40 AS v FROM range(120) t(n)`;

  test('the twelve largest series are drawn, and the others summed', async () => {
    const made = seriesOf(await picture(many, 'stackedBar', { x: 'x', y: ['v'], series: 's' }));
    expect(made.series).toHaveLength(13);
    expect(made.series.at(-1)).toEqual({ measure: 0, others: 28, values: [378, 378, 378] });
    const all = made.series.flatMap(({ values }) => values.map(Number));
    expect(all.reduce((a, b) => a + b)).toBe(3 * 780);
    expect(notesOf(made)).toEqual(['other_series']);
  });

  test.each<[type: string, aggregate: 'avg' | 'sum']>([
    ['line', 'avg'],
    ['line', 'sum'],
    ['bar', 'avg'],
  ])('or left out in words, where adding makes no sense: %s of %s', async (type, aggregate) => {
    const spec: ChartSpec = { x: 'x', y: ['v'], series: 's', aggregate };
    const made = seriesOf(await picture(many, type, spec));
    expect(made.series).toHaveLength(12);
    expect(made.notes).toContainEqual({ note: 'series_left_out', column: 's', count: 28, of: 40 });
  });

  test('a pivot has all', async () => {
    const made = seriesOf(await picture(many, 'pivotTable', { x: 'x', y: ['v'], series: 's' }));
    expect(made.series).toHaveLength(40);
    expect(made.notes).toEqual([]);
  });

  test('a pie has eight slices and what is left', async () => {
    const made = seriesOf(await picture(`SELECT 'k' || n AS k, n FROM range(20) t(n)`, 'pie'));
    expect(made.x).toMatchObject({ others: 12 });
    expect(made.x.values.slice(0, 2)).toEqual(['k19', 'k18']);
    expect(made.series[0]?.values.at(-1)).toBe(66);
    expect(notesOf(made)).toEqual(['other_values']);
  });

  test('bars of the largest values of x are drawn, and it is said how many are not', async () => {
    const made = seriesOf(await picture(`SELECT 'k' || n AS k, n FROM range(5000) t(n)`, 'bar'));
    expect(made.x.values).toHaveLength(500);
    expect(made.x.values[0]).toBe('k4500');
    expect(made.notes).toEqual([{ note: 'values_left_out', column: 'k', count: 4500, of: 5000 }]);
  });

  test('a line keeps first, last, least and most of each step', async () => {
    const sql = `SELECT n AS x, CASE n WHEN 777777 THEN 1000 WHEN 222222 THEN -1000 ELSE sin(n / 1000) END AS y FROM range(1000000) t(n)`;
    const made = seriesOf(await picture(sql, 'line', { x: 'x', y: ['y'] }));
    expect(made.x.values.length).toBeLessThanOrEqual(2000);
    expect(made.x.values).toEqual(expect.arrayContaining([0, 222222, 777777, 999999]));
    expect(made.notes).toEqual([{ note: 'sampled', drawn: made.x.values.length, of: 1000000 }]);
  });

  test('a picture stays below a megabyte, whatever its texts', async () => {
    const sql = `SELECT repeat('é', 5000) || n AS k, n AS v, n % 12 AS s FROM range(6000) t(n)`;
    const charts: Asked[] = [
      ['line', { x: 'k', y: ['v'] }],
      ['scatter', { x: 'v', y: ['s'] }],
      ['pivotTable', { series: 'k', x: 's', y: ['v'] }],
    ];
    for (const made of await pictures(sql, charts)) {
      expect(Buffer.byteLength(JSON.stringify(made))).toBeLessThanOrEqual(1_000_000);
      expect(made.kind).not.toBe('refused');
    }
  });
});

describe('what a type cannot show', () => {
  test.each(['pie', 'donut', 'stackedBar100', 'totalArea', 'hStackedBar100'])(
    'is refused in a sentence: negative values of %s',
    async (type) => {
      const made = await picture("SELECT * FROM (VALUES ('a', -5), ('b', 7)) t(k, v)", type);
      expect(made).toMatchObject({
        kind: 'refused',
        reason: expect.stringMatching(/cannot be negative: "v" has the value -5 \(at "a"\)\.$/),
      });
    },
  );

  test('and a result without numbers, and rows each for themselves in bars', async () => {
    expect(await picture("SELECT 'a' AS k", 'bar')).toMatchObject({
      reason: 'The result has no numeric column to draw.',
    });
    expect(await picture(SALES, 'bar', { aggregate: 'none' })).toMatchObject({ kind: 'refused' });
    expect(await picture(SALES, 'scatter', { x: 'region' })).toMatchObject({
      reason: 'A scatter plot needs numbers or dates along x; "region" has neither.',
    });
  });
});

test('areas of both signs are not stacked, which is said', async () => {
  const sql = `SELECT n AS x, 's' || s AS s, n - 5 AS v, n - 20 AS w FROM range(10) t(n), range(2) u(s)`;
  const both = await picture(sql, 'area', { x: 'x', y: ['v'], series: 's' });
  expect(notesOf(both)).toEqual(['not_stacked']);
  const below = await picture(sql, 'area', { x: 'x', y: ['w'], series: 's' });
  expect(notesOf(below)).toEqual([]);
  expect(notesOf(await picture(`${sql} WHERE s = 0`, 'area', { x: 'x', y: ['v'] }))).toEqual([]);
});

test('a figure is of the first row, or of all where that is asked for', async () => {
  const sql = 'SELECT 3 - n AS v, n AS w FROM range(3) t(n)';
  expect(await picture(sql, 'bigNumber')).toMatchObject({ kind: 'figure', values: [3] });
  expect(await picture(sql, 'bigNumber', { y: ['v', 'w'] })).toMatchObject({ values: [3, 0] });
  const summed = await picture(sql, 'bigNumber', { y: ['v'], aggregate: 'sum' });
  expect(summed).toMatchObject({ values: [6], measures: [{ aggregate: 'sum' }] });
});

test('a figure is text of what is nested, and adds up numbers alone', async () => {
  const sql = `SELECT n, 's' || n AS s, {'a': n} AS o, [n] AS l, DATE '2024-01-01' + n::INT AS d FROM range(3) t(n)`;
  const figures: [spec: ChartSpec, values: unknown][] = [
    [{ y: ['o', 'l'] }, ["{'a': 0}", '[0]']],
    [{ y: ['s', 'o'], aggregate: 'last' }, ['s2', "{'a': 2}"]],
    [{ y: ['d', 's'], aggregate: 'max' }, ['2024-01-03', 's2']],
    [{ y: ['o'], aggregate: 'count_distinct' }, [3]],
    [{ aggregate: 'sum' }, [3]],
  ];
  const made = await pictures(
    sql,
    figures.map(([spec]): Asked => ['bigNumber', spec]),
  );
  expect(made).toMatchObject(figures.map(([, values]) => ({ kind: 'figure', values })));
  expect(await picture(sql, 'bigNumber', { y: ['s'], aggregate: 'sum' })).toMatchObject({
    kind: 'refused',
    reason: 'The values of "s" are not numbers: choose a numeric column, or count them.',
  });
});

test('a table has the totals that are asked for, of all rows, and refuses what it cannot add up', async () => {
  const sql = `SELECT (n * 1.01)::DECIMAL(20,2) AS price, 'customer ' || n % 7 AS who,
    CASE n WHEN 1 THEN 'inf'::DOUBLE ELSE n END AS weight FROM range(5000) t(n)`;
  const [table, imported, text, rain, max] = await pictures(sql, [
    ['table', { totals: { price: 'sum', who: 'count_distinct', weight: 'max' } }],
    ['treemap', { totals: { price: 'avg' } }],
    ['table', { totals: { who: 'sum' } }],
    ['table', { totals: { rain: 'count' } }],
    ['bigNumber', { y: ['weight'], aggregate: 'sum' }],
  ]);
  expect(table).toEqual({
    kind: 'rows',
    totals: [
      { column: 'price', aggregate: 'sum', value: 12_622_475, left_out: 0 },
      { column: 'who', aggregate: 'count_distinct', value: 7, left_out: 0 },
      { column: 'weight', aggregate: 'max', value: 4999, left_out: 1 },
    ],
    notes: [],
  });
  expect(imported).toMatchObject({ totals: [{ value: 2524.495 }] });
  expect(text).toMatchObject({
    reason: 'The values of "who" are not numbers: choose a numeric column, or count them.',
  });
  expect(rain).toMatchObject({ reason: 'This run has no column "rain".' });
  expect(max).toMatchObject({ values: [12_497_499], notes: [{ note: 'not_finite', count: 1 }] });
});

test('a column of texts without values is one of no numbers, and not one that is refused', async () => {
  const sql = 'SELECT NULL::VARCHAR AS a, NULL::VARCHAR AS b FROM range(0)';
  const made = await pictures(sql, [
    ['table', { totals: { a: 'sum' } }],
    ['bar', { x: 'a', y: ['b'] }],
    ['bigNumber', { y: ['a'], aggregate: 'sum' }],
  ]);
  expect(made).toMatchObject([
    { totals: [{ value: null }] },
    { kind: 'series', x: { kind: 'text', values: [] } },
    { values: [null] },
  ]);
});

test('an empty result is an empty picture, and a result that was cut says so', async () => {
  const charts = ['line', 'bar', 'pie', 'scatter', 'bigNumber', 'pivotTable', 'table'].map(
    (type): Asked => [type],
  );
  const empty = await pictures('SELECT 1 AS a, 2 AS b WHERE false', charts);
  expect(empty.map(({ kind }) => kind)).toEqual([
    'series',
    'series',
    'series',
    'points',
    'figure',
    'series',
    'rows',
  ]);
  const [cut] = await pictures(SALES, [['bar']], { rows: 4, by: 'run' });
  expect(cut?.notes).toContainEqual({ note: 'result_cut', rows: 4, by: 'run' });
});

describe('pictures of random tables', () => {
  type Row = { x: string | number | null; s: string | null; y: number | null };

  /** A plain implementation of the rules for one measure. */
  function plain(
    rows: readonly Row[],
    aggregate: string,
    {
      order,
      slices = false,
      isLines = false,
    }: { order: 'x' | 'rows' | '-value'; slices?: boolean; isLines?: boolean },
  ) {
    const combine = (values: readonly (number | null)[]): number | null => {
      const there = values.filter((value) => value !== null);
      if (aggregate === 'count') return there.length;
      if (aggregate === 'count_distinct') return new Set(there).size;
      if (there.length === 0) return null;
      const sum = there.reduce((a, b) => a + b, 0);
      const sorted = there.toSorted((a, b) => a - b);
      const middle = (sorted.length - 1) / 2;
      const made: Record<string, number> = {
        sum,
        avg: sum / there.length,
        min: sorted[0] as number,
        max: sorted.at(-1) as number,
        median:
          ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2,
        first: there[0] as number,
        last: there.at(-1) as number,
      };
      return made[aggregate] as number;
    };
    const madeOf = (x: Row['x'], s: (row: Row) => boolean) => {
      const own = rows.filter((row) => row.x === x && s(row));
      return own.length === 0 ? undefined : combine(own.map(({ y }) => y));
    };
    const isScale = typeof rows.find(({ x }) => x !== null)?.x === 'number';
    const allX = [...new Set(rows.map(({ x }) => x))].filter((x) => !isScale || x !== null);
    const allS = [...new Set(rows.map(({ s }) => s))];
    const weight = (s: string | null) =>
      [...new Set(rows.map(({ x }) => x))].reduce<number>(
        (sum, x) => sum + Math.abs(madeOf(x, (row) => row.s === s) ?? 0),
        0,
      );
    const largest = allS
      .toSorted((a, b) => weight(b) - weight(a) || allS.indexOf(a) - allS.indexOf(b))
      .slice(0, 12);
    const kept = allS.filter((s) => largest.includes(s));
    const isAdditive = (aggregate === 'sum' || aggregate === 'count') && !isLines;
    const lines: ((x: Row['x']) => number | null | undefined)[] = kept.map(
      (s) => (x) => madeOf(x, (row) => row.s === s),
    );
    if (kept.length < allS.length && isAdditive)
      lines.push((x) => madeOf(x, (row) => !kept.includes(row.s)));
    const isKept = ({ s }: Row) => isAdditive || kept.includes(s);
    const inRows = [...new Set(rows.filter(isKept).map(({ x }) => x))];
    const shownX = inRows
      .filter((x) => allX.includes(x))
      .filter((x) => lines.some((line) => line(x) !== undefined));
    const totals = new Map(
      shownX.map((x) => [x, lines.reduce((sum, line) => sum + (line(x) ?? 0), 0)]),
    );
    const total = (x: Row['x']) => totals.get(x) ?? 0;
    const ordered =
      order === 'x'
        ? shownX.toSorted((a, b) => (a as number) - (b as number))
        : order === 'rows'
          ? shownX
          : shownX.toSorted((a, b) => total(b) - total(a) || shownX.indexOf(a) - shownX.indexOf(b));
    const drawn = slices ? ordered.slice(0, 8) : ordered;
    const rest = slices && isAdditive && ordered.length > 8 ? ordered.slice(8) : [];
    return {
      x: [...drawn, ...(rest.length > 0 ? [null] : [])],
      lines: lines.map((line) => [
        ...drawn.map((x) => line(x)),
        ...(rest.length > 0 ? [rest.reduce<number>((sum, x) => sum + (line(x) ?? 0), 0)] : []),
      ]),
    };
  }

  const aggregates = [
    'sum',
    'avg',
    'min',
    'max',
    'count',
    'count_distinct',
    'median',
    'first',
    'last',
  ] as const;

  test.each(Array.from({ length: rounds({ usual: 16, full: 600 }) }, (_, index) => index))(
    'are what a plain implementation makes: %i',
    async (seed) => {
      let state = seed * 7919 + 17;
      const random = (below: number) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      const isNumber = random(2) === 0;
      const [places, lines] = [1 + random(30), 1 + random(30)];
      const rows = Array.from({ length: 1 + random(300) }, (): Row => {
        const x = random(places);
        return {
          x: random(12) === 0 ? null : isNumber ? x - 5 : `x${x}`,
          s: random(15) === 0 ? null : `s${random(lines)}`,
          y: random(8) === 0 ? null : random(4000) / 4,
        };
      });
      if (!rows.some(({ x }) => x !== null)) return;
      const cell = (value: string | number | null) =>
        value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`;
      const type = isNumber ? 'INTEGER' : 'VARCHAR';
      const sql = `SELECT x::${type} AS x, s::VARCHAR AS s, y::DOUBLE AS y FROM (VALUES ${rows
        .map(({ x, s, y }) => `(${cell(x)}, ${cell(s)}, ${cell(y)})`)
        .join(', ')}) t(x, s, y)`;
      const aggregate = aggregates[random(aggregates.length)] ?? 'sum';
      const order = isNumber ? 'x' : 'rows';
      const charts: Asked[] = [
        ['line', { x: 'x', y: ['y'], series: 's', aggregate }],
        ['bar', { x: 'x', y: ['y'], series: 's', aggregate }],
        ['pie', { x: 'x', y: ['y'], aggregate }],
      ];
      const made = await pictures(sql, charts);
      const expected = [
        plain(rows, aggregate, { order, isLines: true }),
        plain(rows, aggregate, { order }),
        plain(
          rows.map((row) => ({ ...row, s: null })),
          aggregate,
          { order: '-value', slices: true },
        ),
      ];
      for (const [index, one] of made.entries()) {
        const { x, series } = seriesOf(one);
        const want = expected[index];
        expect(x.values).toEqual(want?.x);
        const got = series.map(({ at, values }) => {
          const all: unknown[] = x.values.map(() => undefined);
          for (const [place, value] of values.entries()) all[at?.[place] ?? place] = value;
          return all;
        });
        expect(got).toEqual(want?.lines);
      }
    },
  );
});
