import { describe, expect, test } from 'vitest';
import { numbersOf, pivotOf } from '../../src/charts/numbers-of.ts';
import type { FigurePicture, Note, Picture } from '../../src/charts/picture.ts';
import { sayFigure } from '../../src/charts/say-figure.ts';
import { sayNotes, sayPart } from '../../src/charts/say-notes.ts';
import { saySummary } from '../../src/charts/say-summary.ts';
import { type DateUnit, writersFor } from '../../src/charts/writers.ts';
import { pointsPicture, seriesPicture } from '../support/chart-pictures.ts';
import { plainWriters as writers } from '../support/plain-writers.ts';

const noted = (notes: Note[], unit: 'week' | null = null) => ({
  ...seriesPicture(['a'], [{ values: [1] }], { x: { unit } }),
  notes,
});

describe('what was done to a result is said', () => {
  test.each([
    [{ note: 'aggregated', columns: ['sales'], aggregate: 'sum' }, 'Sum of sales by region.'],
    [{ note: 'aggregated', columns: [null], aggregate: 'count' }, 'Number of rows by region.'],
    [
      { note: 'grouped', column: 'day', unit: 'week', time_zone: null, chosen: true },
      'Grouped by week, because there are too many dates to draw.',
    ],
    [
      { note: 'grouped', column: 'day', unit: 'month', time_zone: 'Asia/Tokyo', chosen: false },
      'Grouped by month in Asia/Tokyo.',
    ],
    [{ note: 'sampled', drawn: 2000, of: 1_000_000 }, '2,000 of 1,000,000 points drawn.'],
    [
      { note: 'other_series', column: 'region', count: 28 },
      'The smallest 28 values of region are shown together as “Other”.',
    ],
    [
      { note: 'series_left_out', column: 'region', count: 28, of: 40 },
      'Only the largest 12 of 40 values of region drawn.',
    ],
    [
      { note: 'series_left_out', column: null, count: 3, of: 15 },
      'Only the largest 12 of 15 columns drawn.',
    ],
    [
      { note: 'other_values', column: 'city', count: 5 },
      'The smallest 5 values of city are shown together as “Other”.',
    ],
    [
      { note: 'values_left_out', column: 'city', count: 100, of: 600 },
      'Only the largest 500 of 600 values of city drawn.',
    ],
    [{ note: 'empty_x', column: 'day', rows: 1 }, '1 row without day left out.'],
    [
      { note: 'not_finite', column: 'ratio', count: 2 },
      '2 infinite or invalid values of ratio shown as gaps.',
    ],
    [
      { note: 'result_cut', rows: 50_000, by: 'run' },
      'The result was truncated to 50,000 rows, the limit of the server.',
    ],
    [
      { note: 'result_cut', rows: 50_000, by: 'try' },
      'Drawn from the first 50,000 rows of the result, the most that the editor reads.',
    ],
  ] as [Note, string][])('%j', (note, expected) => {
    expect(sayNotes(noted([note]), writers)).toBe(expected);
  });

  test('of totals too', () => {
    const total = { column: 'price', aggregate: 'sum', value: 3, left_out: 1 } as const;
    const picture: Picture = {
      kind: 'rows',
      totals: [total, { ...total, left_out: 0 }],
      notes: [],
    };
    expect(sayNotes(picture, writers)).toBe(
      '1 infinite or invalid value of price left out of the total.',
    );
  });

  test('in one line, with the unit and the column that tell rows apart', () => {
    const notes: Note[] = [
      { note: 'aggregated', columns: ['sales', 'cost'], aggregate: 'avg' },
      { note: 'sampled', drawn: 1, of: 2 },
    ];
    expect(sayNotes({ ...noted(notes, 'week'), split: 'shop' }, writers)).toBe(
      'Average of sales and cost by week and shop. 1 of 2 points drawn.',
    );
    expect(sayNotes(noted([]), writers)).toBe('');
  });
});

describe('a summary', () => {
  test('says what, how many, least, most and the trend', () => {
    const picture = seriesPicture(
      ['2024-01-01', '2024-01-02', '2024-01-03'],
      [
        { value: 'north', values: [3, 9, 5] },
        { value: 'south', at: [1, 2], values: [-1, null] },
      ],
      { x: { column: 'day', kind: 'date' }, split: 'shop' },
    );
    expect(saySummary(picture, 'line', writers)).toBe(
      'Line chart: sales by day and shop. 2 series: north and south. 4 values: from -1 (2024-01-02, south) to 9 (2024-01-02, north). north begins at 3 (2024-01-01) and ends at 5 (2024-01-03).',
    );
    expect(saySummary(seriesPicture(['a'], [{ values: [1] }]), 'bar', writers)).toBe(
      'Bar chart: sales by region. 1 value: 1 (a).',
    );
    expect(saySummary(seriesPicture([], [{ values: [] }]), 'pie', writers)).toBe(
      'Pie chart: sales by region. No values.',
    );
  });

  test('of points', () => {
    const picture = pointsPicture([
      {
        points: [
          [1, 10, 'a'],
          [2, 5, 'b'],
        ],
      },
    ]);
    expect(saySummary(picture, 'scatter', writers)).toBe(
      'Scatter plot: height by weight. 2 values: from 5 (2) to 10 (1).',
    );
  });
});

describe('a big number', () => {
  const figure = (
    values: FigurePicture['values'],
    aggregate: 'sum' | null = null,
  ): FigurePicture => ({
    kind: 'figure',
    measures: values.map((_, index) => ({ column: `c${index}`, aggregate, axis: 'left' })),
    values,
    notes: [],
  });

  test('is compared with the second one', () => {
    expect(sayFigure(figure([1248, 1200], 'sum'), writers)).toEqual({
      text: '1,248',
      title: 'Sum of c0',
      comparison: 'vs 1,200 (Sum of c1), +4%',
    });
    expect(sayFigure(figure([900, 1200]), writers).comparison).toBe('vs 1,200 (c1), -25%');
    expect(sayFigure(figure([5, 5]), writers).comparison).toBe('vs 5 (c1), no change');
    for (const then of [0, -3, null, 'soon'])
      expect(sayFigure(figure([5, then]), writers).comparison).not.toContain('%');
  });

  test('is whatever the first row has', () => {
    expect(sayFigure(figure([null]), writers)).toEqual({ text: '–', title: 'c0' });
    expect(sayFigure(figure(['2024-01-01T10:00:00']), writers).text).toBe('2024-01-01T10:00:00');
    expect(sayFigure(figure([true]), writers).text).toBe('true');
  });
});

describe('the numbers of a picture as a table', () => {
  test('have a row for each x and a column for each series', () => {
    const picture = seriesPicture(
      ['a', null],
      [
        { value: 'north', values: [1, null] },
        { value: 'south', at: [1], values: [2] },
      ],
    );
    expect(numbersOf(picture, writers)).toEqual({
      columns: [
        { title: 'region', isNumber: false },
        { title: 'north', isNumber: true },
        { title: 'south', isNumber: true },
      ],
      names: 1,
      rows: [
        ['a', '1', ''],
        ['(empty)', '–', '2'],
      ],
    });
  });

  test('have a row for each point', () => {
    const picture = pointsPicture([{ value: 'g', points: [[1, 10, 'a']] }]);
    const { columns, rows } = numbersOf(picture, writers);
    expect(columns.map(({ title }) => title)).toEqual(['name', 'group', 'weight', 'height']);
    expect(rows).toEqual([['a', 'g', '1', '10']]);
  });

  test('as a pivot have totals of rows, columns and everything', () => {
    const picture = {
      ...seriesPicture([2023, 2024], [{ value: 'north', values: [1, 2] }], {
        x: { column: 'year', kind: 'number' },
        split: 'region',
      }),
      totals: { rows: [3], columns: [[1, 2]], all: [3] },
    };
    expect(pivotOf(picture, writers)).toMatchObject({
      rowTotals: ['3'],
      columnTotals: [{ names: ['Total'], cells: ['1', '2'], all: '3' }],
    });
    const {
      series: [one],
      ...rest
    } = picture;
    const unsplit = { ...rest, series: [{ measure: 0, values: one?.values ?? [] }] };
    expect(pivotOf(unsplit, writers)).toMatchObject({
      columnTotals: [{ names: ['Total: sales'] }],
    });
  });

  test('as a pivot may be a part of it, which is said', () => {
    const of = { rows: 1_000, columns: 40 };
    expect(sayPart({ rows: 150, columns: 40 }, of, writers)).toBe('The first 150 of 1,000 rows.');
    expect(sayPart({ rows: 1_000, columns: 30 }, of, writers)).toBe('The first 30 of 40 columns.');
    expect(sayPart(of, of, writers)).toBe('');
  });

  test('as a pivot have a row for each series, and no column without a name', () => {
    const picture = seriesPicture(
      [2023, 2024],
      [
        { value: 'north', values: [1, 2] },
        { value: null, at: [1], values: [3] },
      ],
      { x: { column: 'year', kind: 'number' }, split: 'region' },
    );
    expect(pivotOf(picture, writers)).toMatchObject({
      columns: [{ title: 'region' }, { title: '2,023' }, { title: '2,024' }],
      rows: [
        ['north', '1', '2'],
        ['(empty)', '', '3'],
      ],
    });
    const plain = pivotOf(seriesPicture(['a'], [{ values: [1] }]), writers);
    expect(plain.columns.map(({ title }) => title)).toEqual(['Measure', 'a']);
    expect(plain.rows).toEqual([['sales', '1']]);
  });
});

describe('numbers and dates of a chart are written', () => {
  const written = writersFor(
    {
      sales: { title: 'Sales', prefix: '€', decimals: 2 },
      day: { date_style: 'iso' },
      month: { date_pattern: 'MMM yy' },
    },
    ['en-GB'],
  );

  test('by the formats of its columns', () => {
    expect(written.title('sales')).toBe('Sales');
    expect(written.cell('sales', 'number')(1234.5)).toBe('€1,234.50');
    expect(written.cell('sales', 'number')('12345678901234567890')).toBe(
      '€12,345,678,901,234,567,890.00',
    );
    expect(written.cell(null, 'number')(12_345)).toBe('12,345');
    expect(written.tick('other', 500_000)(1_500_000)).toBe('1.5m');
    expect(written.tick('year', 1)(2024)).toBe('2024');
    // Short, or with the decimals of the column, they would be the same.
    expect(written.tick('other', 10_000)(1_220_000)).toBe('1,220,000');
    expect(written.tick('sales', 0.005)(0.125)).toBe('€0.125');
    expect(written.percent(0.256)).toBe('25.6%');
  });

  test('on an axis with as many digits as they take to differ', () => {
    const { tick } = writersFor({ share: { style: 'percent' }, short: { style: 'short' } }, ['en']);
    for (const column of ['plain', 'share', 'short', 'user_id']) {
      for (const least of [0, 0.5, 99, 12_345, 1_000_000, 7.5e9]) {
        for (const step of [1e-7, 2e-5, 0.001, 0.05, 1, 30, 500, 20_000, 1e6]) {
          if (step < least * 1e-12) continue;
          const write = tick(column, step);
          const ticks = [0, 1, 2, 3, 4].map((index) => write(least + index * step));
          expect(new Set(ticks).size, `${column}, ${step}: ${ticks}`).toBe(5);
        }
      }
    }
  });

  test('as exactly as their unit', () => {
    const timeMs = Date.parse('2024-05-01T22:30:00Z');
    const of = (column: string, unit: DateUnit) => written.date(column, unit)(timeMs);
    expect(of('x', 'year')).toBe('2024');
    expect(of('x', 'quarter')).toBe('2024 Q2');
    expect(of('x', 'month')).toBe('May 2024');
    expect(of('x', 'day')).toBe('1 May 2024');
    expect(of('x', 'clock')).toBe('22:30');
    expect(of('month', 'clock-second')).toBe('22:30:00');
    expect(of('x', 'clock-fraction')).toBe('22:30:00.000');
    expect(of('x', 'minute')).toBe('1 May 2024, 22:30');
    expect(of('day', 'day')).toBe('2024-05-01');
    expect(of('day', 'month')).toBe('2024-05');
    expect(of('month', 'month')).toBe('May 24');
    expect(written.cell('day', 'date')('2024-05-01')).toBe('2024-05-01');
    expect(written.cell('day', 'date')('0044-03-15 (BC)')).toBe('0044-03-15 (BC)');
  });
});
