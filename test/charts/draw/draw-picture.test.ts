import { describe, expect, test } from 'vitest';
import { type ChartType, chartTypes, lookOf } from '../../../src/charts/chart-types.ts';
import { drawPicture } from '../../../src/charts/draw/draw-picture.ts';
import { USUAL_HEIGHT } from '../../../src/charts/draw/sheet.ts';
import { cutTo, cutter, widthOf } from '../../../src/charts/draw/texts.ts';
import { numbersOf } from '../../../src/charts/numbers-of.ts';
import type { Cell, Picture, SeriesPicture } from '../../../src/charts/picture.ts';
import { writersFor } from '../../../src/charts/writers.ts';
import {
  numberedPicture,
  pointsPicture,
  seriesPicture,
  sheetOf,
} from '../../support/chart-pictures.ts';

const drawnTypes = chartTypes.filter((type) =>
  ['series', 'slices', 'points'].includes(lookOf(type).shape),
);
const shareTypes = drawnTypes.filter((type) => lookOf(type).isShare);
const barTypes = drawnTypes.filter((type) => lookOf(type).mark === 'bar');

type Axis = Record<string, unknown> & {
  data?: string[];
  axisLabel: Record<string, unknown> & { formatter: (value: unknown) => string };
};
type Options = {
  // biome-ignore lint/suspicious/noExplicitAny: the options of a library, of any shape.
  series: Record<string, any>[];
  xAxis: Axis;
  yAxis: Axis | Axis[];
  legend?: { data: string[]; formatter: (name: string) => string };
  tooltip: { formatter: (pointed: unknown) => string };
};

function drawn(picture: Picture, type: ChartType, width?: number) {
  const found = drawPicture(picture, type, sheetOf(width));
  if ('nothing' in found) throw new Error(found.nothing);
  return { height: found.height, options: found.options as Options };
}

const dataOf = ({ series }: Options) => series.map(({ data }) => data as unknown[]);

/** Every number that data of the options have. */
function numbersIn(data: unknown): number[] {
  if (typeof data === 'number') return [data];
  if (Array.isArray(data)) return data.flatMap(numbersIn);
  if (typeof data !== 'object' || data === null) return [];
  return 'value' in data ? numbersIn(data.value) : [];
}

/** What is drawn up an axis. */
const sharesIn = (options: Options) =>
  dataOf(options).flatMap((data) => data.map((one) => [pointOf(one)].flat().at(-1)));

/** A point that is marked by itself is an object. */
const pointOf = (one: unknown) =>
  typeof one === 'object' && one !== null && 'value' in one ? one.value : one;

describe.each(drawnTypes)('%s', (type) => {
  test.each([1, 5, 50, 500])('of %i values has each of them, and no other', (count) => {
    for (const lines of [1, 3]) {
      const picture = numberedPicture(type, count, lines);
      const { options } = drawn(picture, type);
      const numbers = dataOf(options).flatMap(numbersIn);
      const own =
        picture.kind === 'points'
          ? picture.groups.flatMap(({ points }) => points.flatMap((point) => point.slice(0, 2)))
          : picture.series.flatMap(({ values }) => values);
      if (lookOf(type).isShare) {
        const total = (place: number) =>
          Array.from({ length: lines }, (_, line) => Number(own[line * count + place]));
        const expected = own.map((value, index) => {
          const sum = total(index % count).reduce((all, one) => all + one, 0);
          return (100 * Number(value)) / sum;
        });
        expect(sharesIn(options)).toEqual(expected);
        continue;
      }
      // Lines along texts have their places beside their values.
      const measured = numbers.filter((one) => one > 999);
      expect(measured.toSorted((a, b) => a - b)).toEqual(
        own.toSorted((a, b) => Number(a) - Number(b)),
      );
      const places = numbers.filter((one) => one <= 999);
      expect(places.every((one) => Number.isInteger(one) && one < count)).toBe(true);
    }
  });

  test('of nothing says so', () => {
    const nothing: Picture =
      lookOf(type).shape === 'points' ? pointsPicture([]) : seriesPicture([], [{ values: [] }]);
    expect(drawPicture(nothing, type, sheetOf())).toEqual({ nothing: 'No rows' });
    const empty: Picture =
      lookOf(type).shape === 'points'
        ? pointsPicture([{ points: [[1, null, null]] }])
        : seriesPicture(['a'], [{ values: [null] }]);
    expect(drawPicture(empty, type, sheetOf())).toEqual({
      nothing: 'The result has no values to draw.',
    });
  });
});

test.each(shareTypes)('%s shows each value as its share, in percent', (type) => {
  const picture = seriesPicture(
    ['a', 'b', 'c'],
    [
      { value: 'north', values: [1, 0, null] },
      { value: 'south', values: [3, 0, 5] },
    ],
  );
  const { options } = drawn(picture, type);
  expect(sharesIn(options)).toEqual([25, null, null, 75, null, 100]);
  const html = options.tooltip.formatter([{ seriesIndex: 1, dataIndex: 0, marker: '' }]);
  expect(html).toBe('a<br>south: <b>75% (3)</b>');
});

describe('lines and areas', () => {
  test('along dates have the space that is between them', () => {
    const days = ['2024-01-01', '2024-01-02', '2024-03-01'];
    for (const type of ['line', 'area', 'totalArea'] as const) {
      const picture = seriesPicture(days, [{ values: [1, 2, 4] }], { x: { kind: 'date' } });
      const { options } = drawn(picture, type);
      expect(options.xAxis.type).toBe('time');
      expect(dataOf(options)[0]?.map((point) => (point as number[])[0])).toEqual(
        days.map((day) => Date.parse(day)),
      );
    }
  });

  test('along times that were grouped in a zone are at the times of its clocks', () => {
    const picture = seriesPicture(['2024-06-01T22:00:00Z'], [{ values: [1] }], {
      x: { kind: 'time', unit: 'hour', time_zone: 'Europe/Vienna' },
    });
    const { options } = drawn(picture, 'line');
    expect(dataOf(options)[0]).toEqual([[Date.parse('2024-06-02T00:00:00Z'), 1]]);
    expect(options.xAxis.name).toBe('region (hour, Europe/Vienna, 2024-06-02)');
  });

  test('have ticks that are as exact as they differ', () => {
    const ticksOf = (...values: string[]) => {
      const kind = values[0]?.includes('T') ? 'time' : 'date';
      const picture = seriesPicture(values, [{ values: values.map(() => 1) }], { x: { kind } });
      const { axisLabel } = drawn(picture, 'line').options.xAxis;
      return (axisLabel.customValues as number[]).map((at) => axisLabel.formatter(at));
    };
    expect(ticksOf('2024-01-01')).toEqual(['2024-01-01']);
    expect(ticksOf('2024-01-01', '2024-01-20')[0]).toBe('2024-01-01');
    expect(ticksOf('2023-11-30', '2024-04-02').slice(0, 2)).toEqual(['2023-12', '2024-01']);
    expect(ticksOf('2024-03-31T20:00:00', '2024-04-01T18:00:00')).toContain('2024-04-01');
    expect(ticksOf('2024-05-01T10:00:07', '2024-05-01T10:00:19')).toEqual([
      '10:00:08',
      '10:00:10',
      '10:00:12',
      '10:00:14',
      '10:00:16',
      '10:00:18',
    ]);
    expect(ticksOf('2024-05-01T10:00:07', '2024-05-01T10:00:07.4')[1]).toBe('10:00:07.100');
  });

  test('of moments are at the clocks of the column’s time zone, which the axis names', () => {
    const values = ['2024-03-30T23:00:00Z', '2024-03-31T23:00:00Z'];
    const picture = seriesPicture(values, [{ values: [1, 2] }], {
      x: { column: 'at', kind: 'time' },
    });
    const inZone = (time_zone?: string) => {
      const writers = writersFor(time_zone ? { at: { time_zone } } : {}, ['en-GB']);
      const found = drawPicture(picture, 'line', { ...sheetOf(), writers });
      if ('nothing' in found) throw new Error(found.nothing);
      const { xAxis, series } = found.options as Options;
      expect(series[0]?.data.map(([at]: number[]) => at)).toEqual(
        values.map((at) => Date.parse(at)),
      );
      const ticks = xAxis.axisLabel.customValues as number[];
      return {
        name: xAxis.name,
        ticks: ticks.map(
          (at) => `${new Date(at).toISOString().slice(11, 16)} ${xAxis.axisLabel.formatter(at)}`,
        ),
        rows: numbersOf(picture, writers).rows.map(([name]) => name),
      };
    };
    // Clocks are turned on meanwhile: the day has 23 hours.
    expect(inZone('Europe/Vienna')).toEqual({
      name: 'at (Europe/Vienna)',
      ticks: ['23:00 31 Mar 2024', '04:00 06:00', '10:00 12:00', '16:00 18:00', '22:00 1 Apr 2024'],
      rows: ['31 Mar 2024, 00:00', '1 Apr 2024, 01:00'],
    });
    expect(inZone()).toMatchObject({
      name: 'at (UTC)',
      rows: ['30 Mar 2024, 23:00', '31 Mar 2024, 23:00'],
    });
  });

  test('of areas with both signs are lines', () => {
    const picture = seriesPicture(['a', 'b'], [{ values: [1, -2] }, { values: [3, 4] }]);
    const { options } = drawn({ ...picture, notes: [{ note: 'not_stacked' }] }, 'area');
    expect(options.series.map(({ stack, areaStyle }) => [stack, areaStyle])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  test('within a day name the day', () => {
    const times = ['2024-03-05T10:00:00', '2024-03-05T14:00:00'];
    const picture = seriesPicture(times, [{ values: [1, 2] }], { x: { kind: 'time' } });
    expect(drawn(picture, 'line').options.xAxis.name).toBe('region (2024-03-05)');
  });

  test('have their own points, and gaps only where a value is null', () => {
    const picture = seriesPicture(
      [1, 2, 5],
      [
        { value: 'a', at: [0, 2], values: [10, 30] },
        { value: 'b', values: [1, null, 3] },
      ],
      { x: { kind: 'number' } },
    );
    const { options } = drawn(picture, 'line');
    expect(dataOf(options)).toEqual([
      [
        [1, 10],
        [5, 30],
      ],
      [
        [1, 1],
        [2, null],
        [5, 3],
      ],
    ]);
    expect(options.series.every(({ connectNulls }) => connectNulls === false)).toBe(true);
  });

  test('show points that no line would', () => {
    const values: Cell[] = Array.from({ length: 100 }, (_, index) => index);
    values[50] = null;
    values[52] = null;
    const picture = seriesPicture(
      values.map((_, index) => index),
      [{ values }],
      { x: { kind: 'number' } },
    );
    const { data, symbol, showSymbol } = drawn(picture, 'line').options.series[0] ?? {};
    expect({ symbol, showSymbol }).toEqual({ symbol: 'none', showSymbol: true });
    const seen = (data as object[]).filter((point) => 'symbolSize' in point);
    expect(seen).toEqual([{ value: [51, 51], symbol: 'circle', symbolSize: 5 }]);
    // The legend has the mark of a line all the same.
    const whole = seriesPicture(picture.x.values, [{ values: picture.x.values }]);
    expect(drawn(whole, 'line').options.series[0]).toMatchObject({
      symbol: 'circle',
      showSymbol: false,
    });
    expect(drawn(seriesPicture(['a'], [{ values: [1] }]), 'line').options.series[0]).toMatchObject({
      symbolSize: 5,
    });
  });

  test('along dates that no scale has stand side by side', () => {
    const picture = seriesPicture(['0044-03-15 (BC)', '2024-01-01'], [{ values: [1, 2] }], {
      x: { kind: 'date' },
    });
    const { options } = drawn(picture, 'line');
    expect(options.xAxis).toMatchObject({
      type: 'category',
      data: ['0044-03-15 (BC)', '2024-01-01'],
    });
  });
});

describe('bars', () => {
  const sparse = (values: Cell[], x: Partial<SeriesPicture['x']>) =>
    drawn(seriesPicture(values, [{ values: values.map((_, index) => index + 1) }], { x }), 'bar')
      .options;

  test.each([
    ['days', ['2024-02-27', '2024-03-01'], [1, null, null, 2]],
    ['months', ['2024-01-01', '2024-03-01', '2024-04-01'], [1, null, 2, 3]],
    ['years', ['2020-01-01', '2022-01-01'], [1, null, 2]],
    ['weeks', ['2024-01-01', '2024-01-15'], [1, null, 2]],
  ])('along %s have empty places where some are missing', (_unit, days, expected) => {
    expect(dataOf(sparse(days, { kind: 'date' }))).toEqual([expected]);
  });

  test('along whole numbers have them too, unless there would be too many', () => {
    const options = sparse([2019, 2021], { kind: 'number' });
    expect(options.xAxis.data).toEqual(['2,019', '2,020', '2,021']);
    expect(dataOf(options)).toEqual([[1, null, 2]]);
    expect(dataOf(sparse([1, 2, 90_000], { kind: 'number' }))).toEqual([[1, 2, 3]]);
    expect(dataOf(sparse(['b', 'd'], {}))).toEqual([[1, 2]]);
  });

  test('that lie have a height that fits their number', () => {
    for (const type of barTypes.filter((one) => lookOf(one).isFlat)) {
      const heights = [5, 50, 500].map(
        (count) => drawn(numberedPicture(type, count, 1), type).height,
      );
      expect(heights[0]).toBe(USUAL_HEIGHT);
      expect(heights[1]).toBeGreaterThanOrEqual(50 * 20);
      expect(heights[2]).toBeGreaterThanOrEqual(500 * 7);
      expect(heights[2]).toBeLessThan(5_000);
    }
  });

  test('of an hour that comes twice are two', () => {
    const hours = [
      '2024-10-26T23:00:00Z',
      '2024-10-27T00:00:00Z',
      '2024-10-27T01:00:00Z',
      '2024-10-27T03:00:00Z',
    ];
    const picture = seriesPicture(hours, [{ values: [1, 2, 3, 4] }], {
      x: { kind: 'time', unit: 'hour', time_zone: 'Europe/Vienna' },
    });
    const { xAxis, series, tooltip } = drawn(picture, 'bar').options;
    const labels = [
      '2024-10-27 01:00',
      '2024-10-27 02:00',
      '2024-10-27 02:00 (2)',
      '2024-10-27 03:00',
      '2024-10-27 04:00',
    ];
    expect(xAxis.data).toEqual(labels);
    expect(series[0]?.data).toEqual([1, 2, 3, null, 4]);
    expect(tooltip.formatter({ seriesIndex: 0, dataIndex: 4, marker: '' })).toContain('04:00<br>');
    expect(numbersOf(picture, sheetOf().writers).rows.map(([name]) => name)).toEqual(
      labels.filter((_, place) => place !== 3),
    );
  });

  test('and shares of zeros are a sentence and not an empty frame', () => {
    const zeros = seriesPicture(['a', 'b'], [{ values: [0, 0] }, { values: [0, null] }]);
    for (const type of [...barTypes, ...shareTypes].filter((one) => one !== 'linePlusBar')) {
      expect(drawPicture(zeros, type, sheetOf())).toEqual({ nothing: 'All values are 0.' });
    }
    expect(drawPicture(zeros, 'line', sheetOf())).toHaveProperty('options');
  });

  test('that lie name what is along them', () => {
    const picture = seriesPicture(['a', 'b'], [{ values: [1, 2] }]);
    const { xAxis, yAxis } = drawn(picture, 'hBar').options;
    expect([xAxis.name, yAxis]).toMatchObject(['sales', { name: 'region', nameLocation: 'start' }]);
  });

  test('say what they measure, and of what', () => {
    const picture = seriesPicture(['2024-01-01'], [{ values: [1] }], {
      x: { column: 'day', kind: 'date', unit: 'month' },
      measures: [{ column: 'price', aggregate: 'sum', axis: 'left' }],
    });
    const { xAxis, yAxis } = drawn(picture, 'bar').options;
    expect(xAxis.name).toBe('day (month)');
    expect(yAxis).toMatchObject({ name: 'Sum of price' });
    expect(drawn(picture, 'hBar').options.xAxis.name).toBe('Sum of price');
  });

  test('with lines have two axes', () => {
    const picture = seriesPicture(
      ['a', 'b'],
      [
        { measure: 0, values: [100, 200] },
        { measure: 1, values: [0.1, 0.2] },
      ],
      {
        measures: [
          { column: 'revenue', aggregate: null, axis: 'left' },
          { column: 'margin', aggregate: null, axis: 'right' },
        ],
      },
    );
    const { options } = drawn(picture, 'linePlusBar');
    expect(options.yAxis).toMatchObject([{ name: 'revenue' }, { name: 'margin' }]);
    expect(options.series).toMatchObject([
      { type: 'bar' },
      {
        type: 'line',
        yAxisIndex: 1,
        data: [
          [0, 0.1],
          [1, 0.2],
        ],
      },
    ]);
  });
});

describe('labels of x', () => {
  const long = Array.from({ length: 40 }, (_, index) => `${index} is the number of this long name`);

  test.each([390, 700, 1600])('are all there at %i px, and begin as their values do', (width) => {
    const picture = seriesPicture(long.slice(0, 12), [{ values: long.slice(0, 12).map(() => 1) }]);
    const { axisLabel } = drawn(picture, 'bar', width).options.xAxis;
    expect(axisLabel.interval).toBe(0);
    const label = axisLabel.formatter(long[3]);
    expect(label.length).toBeGreaterThan(6);
    expect(long[3]?.startsWith(label.replace('…', ''))).toBe(true);
  });

  test('that do not fit are turned, and some of them shown', () => {
    const picture = seriesPicture(long, [{ values: long.map(() => 1) }]);
    const { axisLabel } = drawn(picture, 'bar', 390).options.xAxis;
    expect(axisLabel).toMatchObject({ rotate: 45, interval: 2 });
  });

  test('of dates are thinned before they are turned', () => {
    const days = Array.from({ length: 31 }, (_, index) =>
      new Date(Date.UTC(2024, 0, index + 1)).toISOString().slice(0, 10),
    );
    const picture = seriesPicture(days, [{ values: days.map(() => 1) }], { x: { kind: 'date' } });
    const { axisLabel } = drawn(picture, 'bar').options.xAxis;
    expect(axisLabel.rotate).toBe(0);
    expect(axisLabel.interval).toBeGreaterThan(1);
    expect(axisLabel.formatter('2024-01-31')).toBe('2024-01-31');
  });

  test('that differ at their ends only are cut before them', () => {
    const alike = Array.from(
      { length: 30 },
      (_, index) => `A category of the shop, number ${index}`,
    );
    const picture = seriesPicture(alike, [{ values: alike.map(() => 1) }]);
    for (const type of ['bar', 'hBar'] as const) {
      const { xAxis, yAxis } = drawn(picture, type, 390).options;
      const { axisLabel } = type === 'bar' ? xAxis : (yAxis as Axis);
      expect(new Set(alike.map((label) => axisLabel.formatter(label))).size).toBe(30);
    }
  });

  test('are as wide as their characters, which are cut nowhere', () => {
    const family = '👩‍👩‍👧‍👦';
    expect(widthOf('東京都')).toBeGreaterThan(widthOf('Tok'));
    expect(widthOf(family)).toBeLessThan(widthOf('four'));
    expect(cutTo('東京都千代田区丸の内', 66)).toBe('東京都千…');
    expect(cutTo(family.repeat(8), 66)).toBe(`${family.repeat(4)}…`);
    const cut = cutter([`${family.repeat(8)}a`, `${family.repeat(8)}b`], 80);
    expect(cut(`${family.repeat(8)}b`)).toMatch(/^(👩‍👩‍👧‍👦)+…(👩‍👩‍👧‍👦)+b$/u);
  });

  test('of bars that lie are cut at their end', () => {
    const picture = seriesPicture(['x'.repeat(200)], [{ values: [1] }]);
    const { yAxis } = drawn(picture, 'hBar', 390).options;
    expect((yAxis as Axis).axisLabel.formatter('x'.repeat(200))).toMatch(/^x{10,40}…$/);
  });
});

describe('series', () => {
  const many = (count: number, othersOf: number) =>
    seriesPicture(
      ['a', 'b'],
      [
        ...Array.from({ length: count }, (_, line) => ({ value: `s${line}`, values: [1, 2] })),
        { others: othersOf, values: [9, 9] },
      ],
    );

  test('differ, twelve of them, and the others are gray and last', () => {
    const paper = sheetOf().paper;
    for (const type of ['line', 'bar', 'area'] as const) {
      const { options } = drawn(many(12, 28), type);
      const looks = options.series.map(({ color, lineStyle, itemStyle }) =>
        JSON.stringify([color, lineStyle?.type, itemStyle.decal]),
      );
      expect(new Set(looks).size).toBe(13);
      expect(options.series.at(-1)).toMatchObject({ name: 'Other (28)', color: paper.neutral });
      expect(options.series.slice(0, 12).map(({ color }) => color)).not.toContain(paper.neutral);
    }
  });

  test('that are called the same stay apart, and one without a value is "(empty)"', () => {
    const picture = seriesPicture(
      ['a', null, '  '],
      [
        { value: null, values: [1, 2, 3] },
        { value: '(empty)', values: [4, 5, 6] },
        { value: 'x\ny', values: [7, 8, 9] },
      ],
    );
    const { options } = drawn(picture, 'bar');
    expect(options.series.map(({ name }) => name)).toEqual(['(empty)', '(empty) (2)', 'x y']);
    expect(options.legend?.data).toEqual(['(empty)', '(empty) (2)', 'x y']);
    expect(options.xAxis.data).toEqual(['a', '(empty)', '(blank)']);
  });

  test('of several measures are called by both', () => {
    const picture = seriesPicture(
      ['a'],
      [
        { measure: 0, value: 'north', values: [1] },
        { measure: 1, value: 'north', values: [2] },
      ],
      {
        measures: [
          { column: 'sales', aggregate: 'sum', axis: 'left' },
          { column: null, aggregate: 'count', axis: 'left' },
        ],
      },
    );
    expect(drawn(picture, 'bar').options.series.map(({ name }) => name)).toEqual([
      'north, Sum of sales',
      'north, Number of rows',
    ]);
  });

  test('are said to be split by their column, at the axis and in what is pointed at', () => {
    const series = [
      { value: 'north', values: [1] },
      { value: 'south', values: [2] },
    ];
    const { yAxis, tooltip } = drawn(
      seriesPicture(['a'], series, { split: 'shop' }),
      'bar',
    ).options;
    expect(yAxis).toMatchObject({ name: 'sales by shop' });
    const pointed = [{ seriesIndex: 0, dataIndex: 0, marker: '' }];
    expect(tooltip.formatter(pointed)).toBe('a, by shop<br>north: <b>1</b>');
    const points = series.map(({ value, values }) => ({ value, points: [[1, ...values, null]] }));
    const dots = drawn(pointsPicture(points), 'scatter').options;
    expect(dots.tooltip.formatter(pointed[0])).toContain('group: <b>north</b>');
  });

  test('have their names at the ends of a few lines, else in a legend that highlights', () => {
    const few = drawn(many(3, 2), 'line').options;
    expect(few.legend).toBeUndefined();
    expect(few.series[0]?.endLabel.formatter()).toBe('s0');
    const options = drawn(many(12, 2), 'line').options;
    expect(options.legend?.data).toHaveLength(13);
    expect(options.series[0]).toMatchObject({ emphasis: { focus: 'series' } });
    expect(drawn(many(12, 2), 'line', 300).height).toBeGreaterThan(
      drawn(many(12, 2), 'line').height,
    );
  });
});

describe('a pie', () => {
  test('has its others last and gray, leaves out what has no value, and says shares', () => {
    const picture = seriesPicture(['a', 'b', 'c', null], [{ values: [6, null, 2, 2] }], {
      x: { others: 5 },
    });
    const { options } = drawn(picture, 'pie');
    expect(dataOf(options)[0]).toMatchObject([
      { name: 'a', value: 6 },
      { name: 'c', value: 2 },
      { name: 'Other (5)', value: 2, itemStyle: { color: sheetOf().paper.neutral } },
    ]);
    expect(options.tooltip.formatter({ dataIndex: 0, marker: '' })).toBe('a: <b>6 (60%)</b>');
    expect(drawn(picture, 'pie', 390).options.legend?.formatter('a')).toBe('a  60%');
  });

  test('keeps shares behind names that are written from right to left', () => {
    const picture = seriesPicture(['القاهرة', 'b'], [{ values: [1, 1] }]);
    const { label } = drawn(picture, 'pie').options.series[0] ?? {};
    expect(label.formatter({ name: 'القاهرة' })).toBe('\u2068القاهرة\u2069  50%');
    expect(label.formatter({ name: 'b' })).toBe('b  50%');
  });

  test('has whole dates beside it where there is room', () => {
    const picture = seriesPicture(['2024-02-29', '2024-03-01'], [{ values: [1, 2] }], {
      x: { kind: 'date' },
    });
    const { label } = drawn(picture, 'pie', 600).options.series[0] ?? {};
    expect(label.formatter({ name: '2024-02-29' })).toContain('2024-02-29 ');
  });

  test('of zeros is a sentence and not an empty frame', () => {
    const picture = seriesPicture(['a', 'b'], [{ values: [0, 0] }]);
    expect(drawPicture(picture, 'pie', sheetOf())).toEqual({ nothing: 'All values are 0.' });
  });
});

describe('a tooltip', () => {
  const hostile = '<img src=x onerror="alert(1)">&';

  test('has texts from data as texts', () => {
    const values = [hostile];
    const picture = seriesPicture(values, [{ value: hostile, values: [1] }], {
      measures: [{ column: hostile, aggregate: null, axis: 'left' }],
    });
    const points = pointsPicture([{ value: hostile, points: [[1, 2, hostile]] }]);
    const pointed = { seriesIndex: 0, dataIndex: 0, marker: '' };
    for (const type of drawnTypes) {
      const isPoints = lookOf(type).shape === 'points';
      const html = drawn(isPoints ? points : picture, type).options.tooltip.formatter(pointed);
      expect(html).toContain('&#60;img');
      expect(html.replaceAll(/<\/?(b|br)>/g, '')).not.toMatch(/[<>]/);
    }
  });

  test('says all digits of a value that is text, and nothing of a series without one', () => {
    const picture = seriesPicture(
      ['a', 'b'],
      [
        { value: 'x', values: ['12345678901234567890', 1] },
        { value: 'y', at: [1], values: [2] },
      ],
    );
    const { options } = drawn(picture, 'bar');
    const at = (dataIndex: number) =>
      options.tooltip.formatter(
        [0, 1].map((seriesIndex) => ({ seriesIndex, dataIndex, marker: '' })),
      );
    expect(at(1)).toBe('b<br>x: <b>1</b><br>y: <b>2</b>');
    expect(at(0)).not.toContain('y:');
    expect(dataOf(options)[0]).toEqual([Number('12345678901234567890'), 1]);
  });

  test('is about the place that a bar has among empty ones', () => {
    const picture = seriesPicture(['2024-01-01', '2024-01-03'], [{ values: [1, 2] }], {
      x: { kind: 'date' },
    });
    const { formatter } = drawn(picture, 'bar').options.tooltip;
    expect(formatter([{ seriesIndex: 0, dataIndex: 2, marker: '' }])).toContain('2024-01-03');
    expect(formatter([{ seriesIndex: 0, dataIndex: 1, marker: '' }])).toBe('');
  });
});
