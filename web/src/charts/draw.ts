import type { EChartsCoreOption } from 'echarts/core';
import { type Column, type Rows, saidNumber } from '../results/columns.ts';
import type { Paper } from './palette.ts';
import { type Picture, type Plot, plotOf, type Series, toNumber } from './picture.ts';

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
    return { ...common, ...pie(plot, picture, paper) };
  }
  return { ...common, ...axes(kinds[picture.type] ?? { shape: 'line' }, plot, picture, paper) };
}

function axes(kind: Kind, plot: Plot, picture: Picture, paper: Paper): EChartsCoreOption {
  const isLine = kind.shape === 'line';
  const shares = kind.isShare ? toShares(plot.series) : plot.series;
  const along = plot.isTime && isLine;
  const label = { color: paper.faint, fontSize: 12 };
  const categories = {
    type: along ? 'time' : 'category',
    data: along ? undefined : plot.categories.map((one) => String(one ?? '–')),
    axisLine: { lineStyle: { color: paper.rule } },
    axisTick: { show: false },
    axisLabel: { ...label, hideOverlap: true },
    splitLine: { show: false },
    boundaryGap: isLine && !along ? false : undefined,
    inverse: kind.isFlat,
  };
  const values = {
    type: 'value',
    scale: isLine && !kind.isStacked,
    max: kind.isShare ? 100 : undefined,
    axisLabel: { ...label, formatter: kind.isShare ? '{value} %' : shortNumber },
    splitLine: { lineStyle: { color: paper.rule, width: 0.5 } },
    name: picture.y.length === 1 && !kind.isFlat ? picture.y[0] : undefined,
    nameTextStyle: { color: paper.faint, align: 'left' },
    nameGap: 10,
  };
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
    tooltip: tooltip(paper, 'axis', kind.isShare),
    xAxis: kind.isFlat ? values : categories,
    yAxis: kind.isFlat ? categories : values,
    series: shares.map((one) => ({
      type: kind.shape,
      name: one.name,
      data: along ? one.values.map((value, index) => [plot.categories[index], value]) : one.values,
      stack: kind.isStacked ? 'all' : undefined,
      showSymbol: isLine && plot.categories.length <= 2,
      symbolSize: 5,
      lineStyle: isLine ? { width: kind.isFilled ? 1 : 1.75 } : undefined,
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

function pie(plot: Plot, picture: Picture, paper: Paper): EChartsCoreOption {
  const values = plot.series[0]?.values ?? [];
  const data = plot.categories.map((name, index) => ({
    name: String(name ?? '–'),
    value: values[index] ?? 0,
  }));
  return {
    tooltip: tooltip(paper, 'item'),
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
  { x, y, series }: Picture,
  columns: readonly Column[],
  rows: Rows,
  paper: Paper,
): EChartsCoreOption {
  const at = (name: string | undefined) => columns.findIndex((column) => column.name === name);
  const [across, up, split] = [at(x), at(y[0]), at(series)];
  const named = columns.findIndex(
    (_, index) => index !== across && index !== up && index !== split,
  );
  const groups = new Map<string, [number, number, string][]>();
  for (const row of rows) {
    const [left, top] = [toNumber(row[across]), toNumber(row[up])];
    if (left === null || top === null) continue;
    const group = split < 0 ? (y[0] ?? '') : String(row[split] ?? '–');
    const points = groups.get(group) ?? [];
    points.push([left, top, String(row[named] ?? '')]);
    groups.set(group, points);
  }
  const axis = (name: string | undefined, nameLocation: string) => ({
    type: 'value',
    scale: true,
    name,
    nameLocation,
    nameGap: nameLocation === 'middle' ? 28 : 10,
    nameTextStyle: { color: paper.faint, align: nameLocation === 'middle' ? 'center' : 'left' },
    axisLabel: { color: paper.faint, formatter: shortNumber },
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
        [data[2] || seriesName, `${x}: ${data[0]}`, `${y[0]}: ${data[1]}`]
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

/** Each value as its share of all values at its place, in percent. */
function toShares(series: readonly Series[]): Series[] {
  const totals: number[] = [];
  for (const { values } of series) {
    for (const [index, value] of values.entries())
      totals[index] = (totals[index] ?? 0) + (value ?? 0);
  }
  return series.map(({ name, values }) => ({
    name,
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

function tooltip(paper: Paper, trigger: 'axis' | 'item', isShare = false) {
  return {
    trigger,
    confine: true,
    backgroundColor: paper.paper,
    borderColor: paper.rule,
    textStyle: { color: paper.ink, fontSize: 12 },
    valueFormatter: (value: unknown) =>
      typeof value === 'number' ? `${saidNumber(value, '')}${isShare ? ' %' : ''}` : '–',
  };
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A number as short as an axis has room for. Below 10,000 it stands as it is, so that years are years. */
function shortNumber(value: number): string {
  return Math.abs(value) >= 10_000 ? compact.format(value) : String(value);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
