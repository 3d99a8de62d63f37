import type { EChartsCoreOption } from 'echarts/core';
import type { Column, Rows } from '../results/columns.ts';
import { type Formats, numberWriter, titleOf } from '../results/format.ts';
import { words } from '../words.ts';
import type { Paper } from './palette.ts';
import {
  categoryWriter,
  type Picture,
  type Plot,
  plotOf,
  type Series,
  toNumber,
} from './picture.ts';

/** How a type of chart is drawn. Names on the wire that mean the same are one entry's. */
type Kind = {
  shape: 'line' | 'bar';
  isStacked?: true;
  isShare?: true;
  isFlat?: true;
  isFilled?: true;
};

const kinds: Record<string, Kind> = {
  line: { shape: 'line' },
  area: { shape: 'line', isStacked: true, isFilled: true },
  totalArea: { shape: 'line', isStacked: true, isShare: true, isFilled: true },
  bar: { shape: 'bar' },
  stackedBar: { shape: 'bar', isStacked: true },
  stackedBar100: { shape: 'bar', isStacked: true, isShare: true },
  hBar: { shape: 'bar', isFlat: true },
  hStackedBar: { shape: 'bar', isFlat: true, isStacked: true },
  hStackedBar100: { shape: 'bar', isFlat: true, isStacked: true, isShare: true },
  linePlusBar: { shape: 'bar' },
};

/** Whether it is drawn; other types are tables and figures. */
export function isDrawn(type: string): boolean {
  return type in kinds || type === 'pie' || type === 'donut' || type === 'scatter';
}

/** What the chart library is to draw. */
export function draw(
  picture: Picture,
  columns: readonly Column[],
  rows: Rows,
  paper: Paper,
): EChartsCoreOption {
  const common = {
    animation: false,
    color: paper.colours,
    textStyle: {
      fontFamily: 'Inter Variable, system-ui, sans-serif',
      fontSize: 12,
      color: paper.ink,
    },
  };
  if (picture.type === 'scatter') return { ...common, ...scatter(picture, columns, rows, paper) };
  const plot = plotOf(picture, columns, rows);
  if (picture.type === 'pie' || picture.type === 'donut') {
    return { ...common, ...pie(plot, picture, columns, paper) };
  }
  const kind = kinds[picture.type] ?? { shape: 'line' };
  return { ...common, ...axes(kind, plot, picture, columns, paper) };
}

function axes(
  kind: Kind,
  plot: Plot,
  picture: Picture,
  columns: readonly Column[],
  paper: Paper,
): EChartsCoreOption {
  const { y, y2, formats } = picture;
  const isLine = kind.shape === 'line';
  const shares = kind.isShare ? toShares(plot.series) : plot.series;
  const along = plot.isTime && isLine;
  const label = { color: paper.faint, fontSize: 12 };
  const categories = {
    type: along ? 'time' : 'category',
    data: along ? undefined : plot.categories.map(categoryWriter(picture, columns)),
    axisLine: { lineStyle: { color: paper.rule } },
    axisTick: { show: false },
    axisLabel: { ...label, hideOverlap: true },
    splitLine: { show: false },
    boundaryGap: isLine && !along ? false : undefined,
    inverse: kind.isFlat,
  };
  const valuesOf = (measures: readonly string[], align: 'left' | 'right') => ({
    type: 'value',
    scale: isLine && !kind.isStacked,
    max: kind.isShare ? 100 : undefined,
    axisLabel: {
      ...label,
      formatter: kind.isShare ? '{value} %' : axisWriter(measures[0], formats),
    },
    splitLine: { lineStyle: { color: paper.rule, width: 0.5 } },
    name: measures.length === 1 && !kind.isFlat ? titleOf(String(measures), formats) : undefined,
    nameTextStyle: { color: paper.faint, align },
    nameGap: 10,
  });
  const values = valuesOf(y, 'left');
  // Lines over bars have an axis of their own, whose hairlines would cross those of the other.
  const axesOfValues =
    y2.length === 0
      ? values
      : [values, { ...valuesOf(y2, 'right'), scale: true, splitLine: { show: false } }];
  // A few lines carry their names at their ends; more, or bars, need a legend.
  const isNamedAtEnds = isLine && !kind.isFilled && shares.length > 1 && shares.length <= 6;
  const needsLegend = shares.length > 1 && !isNamedAtEnds;
  return {
    grid: {
      left: 4,
      right: isNamedAtEnds ? 96 : 12,
      top: needsLegend ? 44 : 32,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: needsLegend ? legend(paper) : undefined,
    tooltip: tooltip(paper, 'axis'),
    xAxis: kind.isFlat ? values : categories,
    yAxis: kind.isFlat ? categories : axesOfValues,
    series: shares.map((one) => ({
      ...(y2.includes(one.column) ? { type: 'line', yAxisIndex: 1, z: 3 } : { type: kind.shape }),
      name: one.name,
      tooltip: {
        valueFormatter: kind.isShare ? valueWriter('', inShares) : valueWriter(one.column, formats),
      },
      data: along ? one.values.map((value, index) => [plot.categories[index], value]) : one.values,
      stack: kind.isStacked ? 'all' : undefined,
      showSymbol: plot.categories.length <= 2,
      symbolSize: 5,
      lineStyle: { width: kind.isFilled ? 1 : 1.75 },
      areaStyle: kind.isFilled ? { opacity: shares.length > 1 ? 0.75 : 0.3 } : undefined,
      barMaxWidth: 36,
      connectNulls: false,
      endLabel: isNamedAtEnds
        ? {
            show: true,
            formatter: '{a}',
            color: 'inherit',
            fontSize: 12,
            width: 88,
            overflow: 'truncate',
          }
        : undefined,
      labelLayout: isNamedAtEnds ? { moveOverlap: 'shiftY' } : undefined,
      emphasis: { disabled: true },
    })),
  };
}

function pie(
  plot: Plot,
  picture: Picture,
  columns: readonly Column[],
  paper: Paper,
): EChartsCoreOption {
  const writeCategory = categoryWriter(picture, columns);
  const values = plot.series[0]?.values ?? [];
  const data = plot.categories.map((name, index) => ({
    name: writeCategory(name),
    value: values[index] ?? 0,
  }));
  return {
    tooltip: {
      ...tooltip(paper, 'item'),
      valueFormatter: valueWriter(picture.y[0], picture.formats),
    },
    series: [
      {
        type: 'pie',
        radius: picture.type === 'donut' ? ['45%', '72%'] : '72%',
        data,
        label: { color: paper.ink, formatter: '{b}  {d} %' },
        itemStyle: { borderColor: paper.paper, borderWidth: 1 },
        emphasis: { disabled: true },
      },
    ],
  };
}

function scatter(
  { x, y, series, formats }: Picture,
  columns: readonly Column[],
  rows: Rows,
  paper: Paper,
): EChartsCoreOption {
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const [across, up, split] = [at(x), at(y[0]), at(series)];
  const named = columns.findIndex(
    (_, index) => index !== across && index !== up && index !== split,
  );
  const titled = (name: string | undefined) => titleOf(name ?? '', formats);
  const writeX = valueWriter(x, formats);
  const writeY = valueWriter(y[0], formats);
  const groups = new Map<string, [number, number, string][]>();
  for (const row of rows) {
    const [left, top] = [toNumber(row[across]), toNumber(row[up])];
    if (left === null || top === null) continue;
    const group = split < 0 ? titled(y[0]) : String(row[split] ?? words.emptyCell);
    const points = groups.get(group) ?? [];
    points.push([left, top, String(row[named] ?? '')]);
    groups.set(group, points);
  }
  const axis = (name: string | undefined, nameLocation: string) => ({
    type: 'value',
    scale: true,
    name: titled(name),
    nameLocation,
    nameGap: nameLocation === 'middle' ? 28 : 10,
    nameTextStyle: { color: paper.faint, align: nameLocation === 'middle' ? 'center' : 'left' },
    axisLabel: { color: paper.faint, formatter: axisWriter(name, formats) },
    axisLine: { lineStyle: { color: paper.rule } },
    splitLine: { lineStyle: { color: paper.rule, width: 0.5 } },
  });
  return {
    grid: {
      left: 4,
      right: 16,
      top: groups.size > 1 ? 44 : 32,
      bottom: 24,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: groups.size > 1 ? legend(paper) : undefined,
    tooltip: {
      ...tooltip(paper, 'item'),
      formatter: ({ data, seriesName }: { data: [number, number, string]; seriesName: string }) =>
        [
          data[2] || seriesName,
          `${titled(x)}: ${writeX(data[0])}`,
          `${titled(y[0])}: ${writeY(data[1])}`,
        ]
          .map(escaped)
          .join('<br>'),
    },
    xAxis: axis(x, 'middle'),
    yAxis: axis(y[0], 'end'),
    series: [...groups].map(([name, data]) => ({
      type: 'scatter',
      name,
      data,
      symbolSize: rows.length > 500 ? 4 : 7,
      itemStyle: { opacity: 0.75 },
      large: rows.length > 5000,
      emphasis: { disabled: true },
    })),
  };
}

/** Shares are in percent already. */
const inShares: Formats = { '': { decimals: 1, suffix: '\u00a0%' } };

/** Each value as its share of all values at its place, in percent. */
function toShares(series: readonly Series[]): Series[] {
  const totals: number[] = [];
  for (const { values } of series) {
    for (const [index, value] of values.entries())
      totals[index] = (totals[index] ?? 0) + (value ?? 0);
  }
  return series.map(({ values, ...one }) => ({
    ...one,
    values: values.map((value, index) =>
      value === null || !totals[index] ? null : (100 * value) / totals[index],
    ),
  }));
}

function legend(paper: Paper) {
  return {
    type: 'scroll',
    top: 0,
    left: 0,
    itemWidth: 10,
    itemHeight: 10,
    icon: 'rect',
    textStyle: { color: paper.ink, fontSize: 12 },
    pageTextStyle: { color: paper.faint },
  };
}

function tooltip(paper: Paper, trigger: 'axis' | 'item') {
  return {
    trigger,
    confine: true,
    backgroundColor: paper.paper,
    borderColor: paper.rule,
    textStyle: { color: paper.ink, fontSize: 12 },
  };
}

/** What writes the values of a column where one points at them. */
function valueWriter(column = '', formats: Formats): (value: unknown) => string {
  const write = numberWriter(column, formats[column]);
  return (value) => (typeof value === 'number' ? write(value) : words.emptyCell);
}

/** What writes the numbers of an axis, as short as it has room for, and with the digits that its steps need. */
function axisWriter(column = '', formats: Formats): (value: number) => string {
  const { decimals: _, ...format } = formats[column] ?? {};
  const short = numberWriter(column, { style: 'short', ...format });
  const whole = numberWriter(column, format);
  return (value) => (Math.abs(value) >= 10_000 ? short(value) : whole(value));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
