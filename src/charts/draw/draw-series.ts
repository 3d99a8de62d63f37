import type { Look } from '../chart-types.ts';
import { aggregateTitle } from '../measure-title.ts';
import {
  measureWriter,
  momentZone,
  NO_VALUE,
  seriesNames,
  splitTitle,
  tickWriter,
  xTitle,
} from '../names.ts';
import { placeNames, valuesByPlace } from '../numbers-of.ts';
import type { Measure, Series, SeriesPicture } from '../picture.ts';
import { positionsOf } from '../positions.ts';
import type { Writers } from '../writers.ts';
import {
  gridOf,
  measuresBySide,
  numberAxis,
  onlyDay,
  scaleAlong,
  stepOf,
  titleAbove,
  titleAtTop,
  titleBelow,
} from './axes.ts';
import { LEGEND_TOP, legendOf } from './legend.ts';
import { styleOf } from './paper.ts';
import { barPlaces, flatPlaces, uprightPlaces } from './places.ts';
import { ALL_ZERO, type Drawing, NO_ROWS, NO_VALUES, type Sheet, USUAL_HEIGHT } from './sheet.ts';
import { widthOf } from './texts.ts';
import { type Line, tooltip, tooltipHtml } from './tooltip.ts';

/** The room above a chart for the titles of its axes. */
const TOP = 28;
const MOST_NAMED_AT_ENDS = 6;
/** Lines with so few points show each of them. */
const FEW_POINTS = 40;

/** Lines, areas and bars. */
export function drawSeries(picture: SeriesPicture, look: Look, sheet: Sheet): Drawing {
  const { x, series } = picture;
  if (x.values.length === 0) return { nothing: NO_ROWS };
  const numbers = series.map(({ values }) => values.map(toNumber));
  if (numbers.every((values) => values.every((value) => value === null)))
    return { nothing: NO_VALUES };
  const hasLines = look.mark === 'line' || look.hasSecondAxis;
  if ((look.isShare || !hasLines) && numbers.every((values) => values.every((value) => !value)))
    return { nothing: ALL_ZERO };
  const { paper, writers, width } = sheet;
  const names = seriesNames(picture, writers);
  const isLine = look.mark === 'line';
  const scale = isLine ? positionsOf(x.values, x) : undefined;
  const zone = momentZone(x, x.values, writers);
  const endWidth = Math.min(120, Math.max(56, Math.round(width * 0.16)));
  // A name that is cut, or that lies over another, tells nothing: a legend has room.
  const isNamedAtEnds =
    isLine &&
    !look.isFilled &&
    names.length > 1 &&
    names.length <= MOST_NAMED_AT_ENDS &&
    names.every((name) => widthOf(name) <= endWidth);
  const legend = names.length > 1 && !isNamedAtEnds ? legendOf(names, width, paper) : undefined;
  const places = barPlaces(picture, isLine, writers);
  const along = look.isFlat
    ? flatPlaces(places.labels, sheet)
    : scale
      ? { ...scaleAlong(x, scale, sheet, zone), ...(x.kind === 'number' && fromFirstToLast(scale)) }
      : uprightPlaces(places, width - 72 - (isNamedAtEnds ? endWidth : 0), isLine, sheet);
  const day = scale && onlyDay(x, scale, writers, zone);
  const xName = xTitle(picture, writers, day);
  const values = valueAxes(picture, look, sheet);
  const shown = look.isShare ? toShares(series, numbers, x.values.length) : numbers;
  const height = look.isFlat
    ? Math.max(USUAL_HEIGHT, TOP + 40 + flatHeight(places.labels.length, series.length, look))
    : USUAL_HEIGHT;
  const isTitled = look.isFlat ? xName !== '' : values.isTitled;
  const top = (legend ? LEGEND_TOP + legend.height : 0) + (isTitled ? TOP : 14);
  return {
    height: height + (legend?.height ?? 0),
    options: {
      grid: gridOf({ top, right: isNamedAtEnds ? endWidth + 8 : 12 }),
      ...(legend && { legend: { ...legend.legend, ...(look.isFilled && { icon: 'roundRect' }) } }),
      tooltip: {
        ...tooltip(paper, 'axis'),
        axisPointer: {
          type: isLine ? 'line' : 'shadow',
          lineStyle: { color: paper.faint, width: 1, type: 'solid' },
          shadowStyle: { color: paper.faint, opacity: 0.08 },
        },
        formatter: saying(picture, look, names, places.at, sheet),
      },
      xAxis: look.isFlat
        ? { ...values.left, ...titleBelow(values.leftTitle, sheet) }
        : { ...along, ...titleBelow(xName, sheet) },
      yAxis: look.isFlat ? { ...along, ...titleAtTop(xName, width - 48, paper) } : values.both,
      series: series.map((one, index) => {
        const isRight = picture.measures[one.measure]?.axis === 'right';
        // A line that is not filled is told by its dashes.
        const isPlain = isRight || (isLine && !look.isFilled);
        const style = styleOf(index, one.others !== undefined, paper);
        const own = shown[index] ?? [];
        const common = {
          name: names[index],
          color: style.color,
          itemStyle: { color: style.color, ...(isPlain ? {} : { decal: style.decal }) },
          ...(look.isStacked && !isRight && { stack: 'all', stackStrategy: 'samesign' }),
          ...(one.others !== undefined && { z: 1 }),
          emphasis: { focus: 'series' },
          blur: { lineStyle: { opacity: 0.25 }, itemStyle: { opacity: 0.25 } },
        };
        if (look.mark === 'bar' && !isRight) {
          return {
            ...common,
            type: 'bar',
            data: atPlaces(one, own, places),
            barMaxWidth: 36,
            barGap: '10%',
          };
        }
        const points = scale ? onScale(one, own, scale) : onPlaces(one, own, places);
        return {
          ...common,
          type: 'line',
          ...(isRight && { yAxisIndex: 1, z: 3 }),
          ...marked(points, style.symbol, look.isFilled === true),
          lineStyle: { width: look.isFilled ? 1 : 1.75, type: style.dash, color: style.color },
          ...(look.isFilled && {
            areaStyle: { opacity: series.length > 1 ? 0.75 : 0.3, color: style.color },
          }),
          connectNulls: false,
          ...(isNamedAtEnds && {
            endLabel: {
              show: true,
              formatter: () => names[index] ?? '',
              color: 'inherit',
              fontSize: 12,
              width: endWidth,
              overflow: 'truncate',
            },
            labelLayout: { moveOverlap: 'shiftY' },
          }),
        };
      }),
    },
  };
}

/** Lines begin at one edge and end at the other. */
const fromFirstToLast = (scale: readonly number[]) =>
  scale[0] === scale.at(-1) ? {} : { min: 'dataMin', max: 'dataMax' };

const toNumber = (value: Series['values'][number]): number | null => {
  const number = value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
};

type Places = ReturnType<typeof barPlaces>;
type Point = [number, number | null];

/** A value for each place, as bars have them. */
function atPlaces(one: Series, own: readonly (number | null)[], { at, labels }: Places) {
  const values: (number | null)[] = labels.map(() => null);
  for (const [index, value] of own.entries()) {
    const place = at[one.at?.[index] ?? index];
    if (place !== undefined) values[place] = value;
  }
  return values;
}

/** The points that a line has, by the places along x that are its own. */
function onPlaces(one: Series, own: readonly (number | null)[], { at }: Places): Point[] {
  return own.map((value, index) => [at[one.at?.[index] ?? index] ?? 0, value]);
}

function onScale(one: Series, own: readonly (number | null)[], scale: readonly number[]): Point[] {
  return own.map((value, index) => [scale[one.at?.[index] ?? index] ?? 0, value]);
}

/**
 * The points of a line. Those of short lines are marked, and of others those between two gaps, which no line would show: a
 * mark, seen or not, takes longer to draw than all else of a point.
 */
function marked(points: readonly Point[], symbol: string, isFilled: boolean) {
  const mark = { symbol, symbolSize: 5 };
  const isShort = points.length <= FEW_POINTS && !isFilled;
  if (isShort) return { ...mark, data: points, showSymbol: true, showAllSymbol: true };
  const isGap = (index: number) => (points[index]?.[1] ?? null) === null;
  const isAlone = (index: number) => !isGap(index) && isGap(index - 1) && isGap(index + 1);
  if (!points.some((_, index) => isAlone(index)))
    return { ...mark, data: points, showSymbol: false };
  const data = points.map((value, index) => (isAlone(index) ? { value, ...mark } : value));
  return { data, symbol: 'none', showSymbol: true, showAllSymbol: true };
}

/** Each value as its share of all values at its place, in percent. */
function toShares(
  series: readonly Series[],
  numbers: readonly (readonly (number | null)[])[],
  count: number,
): (number | null)[][] {
  const totals = totalsOf(series, numbers, count);
  return series.map(({ at }, line) =>
    (numbers[line] ?? []).map((value, index) => {
      const total = totals[at?.[index] ?? index];
      return value === null || !total ? null : (100 * value) / total;
    }),
  );
}

function totalsOf(
  series: readonly Series[],
  numbers: readonly (readonly (number | null)[])[],
  count: number,
): number[] {
  const totals = Array.from({ length: count }, () => 0);
  for (const [line, { at }] of series.entries()) {
    for (const [index, value] of (numbers[line] ?? []).entries()) {
      const place = at?.[index] ?? index;
      totals[place] = (totals[place] ?? 0) + (value ?? 0);
    }
  }
  return totals;
}

/** The axes of values: one, or a second at the right whose hairlines would cross those of the first. */
function valueAxes(picture: SeriesPicture, look: Look, sheet: Sheet) {
  const { measures, series } = picture;
  const { paper, writers, width } = sheet;
  const split = splitTitle(picture, writers);
  const { left, right } = measuresBySide(measures);
  const numbersOf = (side: readonly Measure[]) =>
    series
      .filter(({ measure }) => side.includes(measures[measure] as Measure))
      .flatMap(({ values }) => values.map(toNumber).filter((value) => value !== null));
  const share = (percent: number) => writers.percent(percent / 100);
  const isFromZero = look.mark === 'bar' || look.isStacked === true;
  const room = right.length > 0 ? width / 2 - 16 : width - 48;
  const [leftNumbers, rightNumbers] = [numbersOf(left), numbersOf(right)];
  const leftAxis = {
    ...numberAxis(
      leftNumbers,
      look.isShare ? share : tickWriter(left[0], writers, stepOf(leftNumbers, isFromZero)),
      paper,
    ),
    scale: !isFromZero,
    ...(look.isShare && { max: 100, minInterval: undefined }),
  };
  const leftTitle = sideTitle(left, writers, split);
  const stands = { ...leftAxis, ...titleAbove(leftTitle, 'left', room, paper) };
  const isTitled = leftTitle !== '';
  if (right.length === 0) return { left: leftAxis, leftTitle, both: stands, isTitled };
  const second = {
    ...numberAxis(rightNumbers, tickWriter(right[0], writers, stepOf(rightNumbers)), paper),
    ...titleAbove(sideTitle(right, writers), 'right', room, paper),
    scale: true,
    splitLine: { show: false },
  };
  return { left: leftAxis, leftTitle, both: [stands, second], isTitled: true };
}

/** "Sum of price", "Sum of price by region"; of several columns, which the series name, only what splits them. */
function sideTitle(measures: readonly Measure[], writers: Writers, split = ''): string {
  const [first] = measures;
  const title =
    first && measures.length === 1 ? aggregateTitle(first.aggregate, [first.column], writers) : '';
  return [title, ...(split === '' ? [] : [`by ${split}`])].join(' ').trim();
}

/** The places of bars that lie: as high as they need, but no higher than a canvas can be. */
const HIGHEST = 4_000;

function flatHeight(places: number, series: number, { isStacked }: Look): number {
  const each = isStacked ? 24 : Math.max(24, 8 + 10 * series);
  return Math.min(HIGHEST, places * each);
}

/** Says what the series have at a place. */
function saying(
  picture: SeriesPicture,
  look: Look,
  names: readonly string[],
  at: readonly number[],
  { writers }: Sheet,
) {
  const { x, measures, series } = picture;
  const titles = placeNames(x, writers);
  const writes = series.map(({ measure }) => measureWriter(measures[measure], writers));
  const values = series.map(valuesByPlace);
  const totals = look.isShare
    ? totalsOf(
        series,
        series.map(({ values }) => values.map(toNumber)),
        x.values.length,
      )
    : undefined;
  /** The place of a point, from that of its data. */
  const placeOf = ({ seriesIndex, dataIndex }: Pointed) => {
    const one = series[seriesIndex];
    const isBar = look.mark === 'bar' && measures[one?.measure ?? 0]?.axis !== 'right';
    if (isBar) return at.indexOf(dataIndex);
    return one?.at?.[dataIndex] ?? dataIndex;
  };
  return (pointed: Pointed | Pointed[]) => {
    const all = [pointed].flat();
    let title = '';
    const split = splitTitle(picture, writers);
    const lines = all.flatMap((one): Line[] => {
      const place = placeOf(one);
      const value = values[one.seriesIndex]?.(place);
      if (value === undefined) return [];
      title = titles[place] ?? '';
      const written = writes[one.seriesIndex]?.(value) ?? NO_VALUE;
      const total = totals?.[place];
      const number = toNumber(value);
      const text =
        total && number !== null ? `${writers.percent(number / total)} (${written})` : written;
      return [{ marker: one.marker, name: names[one.seriesIndex] ?? '', text }];
    });
    if (lines.length === 0) return '';
    const by = split === '' ? [] : [`by ${split}`];
    return tooltipHtml([...(title === '' ? [] : [title]), ...by].join(', '), lines);
  };
}

type Pointed = { seriesIndex: number; dataIndex: number; marker: string };
