import { exactnessOf } from '../names.ts';
import type { Measure } from '../picture.ts';
import { type Axis, clockIn, DAY_MS, momentIn, unitOf } from '../positions.ts';
import type { Writers } from '../writers.ts';
import type { Paper } from './paper.ts';
import type { Sheet } from './sheet.ts';
import { cutTo } from './texts.ts';
import { timeTicks } from './time-ticks.ts';

/** Where charts with axes begin and end; labels are kept within. */
export function gridOf({
  top,
  right = 12,
  bottom = 4,
}: {
  top: number;
  right?: number;
  bottom?: number;
}) {
  return { left: 4, right, top, bottom, outerBoundsMode: 'same', outerBoundsContain: 'all' };
}

/** The title of an axis that lies, in the middle below its labels. */
export function titleBelow(name: string, { paper, width }: Sheet) {
  return {
    name: cutTo(name, width - 48),
    nameLocation: 'middle',
    nameGap: 24,
    nameTextStyle: { color: paper.faint, fontSize: 12 },
  };
}

/** The title of an axis that stands, above its end. */
export function titleAbove(name: string, align: 'left' | 'right', room: number, paper: Paper) {
  return {
    name: cutTo(name, room),
    nameLocation: 'end',
    nameGap: 12,
    nameTextStyle: { color: paper.faint, fontSize: 12, align },
  };
}

/** The title of an axis of which the first place is at the top. */
export function titleAtTop(name: string, room: number, paper: Paper) {
  return { ...titleAbove(name, 'left', room, paper), nameLocation: 'start' };
}

export function labelStyle(paper: Paper) {
  return { color: paper.faint, fontSize: 12, hideOverlap: true };
}

/** A scale of numbers, with hairlines. */
export function numberAxis(
  values: readonly number[],
  write: (value: number) => string,
  paper: Paper,
) {
  const isWhole = values.every((value) => Number.isInteger(value));
  return {
    type: 'value',
    ...(isWhole && { minInterval: 1 }),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...labelStyle(paper), formatter: write },
    splitLine: { lineStyle: { color: paper.rule, width: 0.5 } },
  };
}

/**
 * By how much the ticks differ of an axis of these numbers, which begins at zero or at the least of them. The library
 * chooses 1, 2, 3, 5 or 10 of a power of ten, too.
 */
export function stepOf(values: readonly number[], isFromZero = false, splits = 5): number {
  let [least, most] = isFromZero ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const rough = (most > least ? most - least : Math.abs(most)) / splits;
  if (!(rough > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const [nice = 10] = [1, 2, 3, 5].filter((_, index) => rough / power < (niceBelow[index] ?? 0));
  return nice * power;
}

const niceBelow = [1.5, 2.5, 4, 7];

/**
 * The axis along x on which numbers, dates and times have the space that lies between them.
 *
 * @param zone by whose clocks moments are written.
 */
export function scaleAlong(
  axis: Axis & { column: string | null },
  positions: readonly number[],
  sheet: Sheet,
  zone?: string,
) {
  const { paper, writers, width } = sheet;
  const line = { axisLine: { show: true, lineStyle: { color: paper.rule } } };
  const splitNumber = Math.max(2, Math.min(10, Math.floor(width / 100)));
  if (axis.kind === 'number') {
    const own = numberAxis(
      positions,
      writers.tick(axis.column, stepOf(positions, false, splitNumber)),
      paper,
    );
    return { ...own, ...line, scale: true, splitNumber, splitLine: { show: false } };
  }
  const clocks = (
    zone === undefined ? positions : positions.map((at) => clockIn(zone, at))
  ).toSorted((a, b) => a - b);
  const [first, last = 0] = [clocks[0], clocks.at(-1)];
  const shown = first === undefined ? [] : timeTicks(first, last, splitNumber, unitOf(clocks));
  // Ticks are even by the clocks, and each is where its moment is.
  const ticks = new Map(
    shown.map((clock) => [zone === undefined ? clock : momentIn(zone, clock), clock]),
  );
  const write = timeTick(axis, shown, clocks, writers);
  return {
    type: 'time',
    ...line,
    axisTick: { show: false },
    axisLabel: {
      ...labelStyle(paper),
      formatter: (at: number) => write(ticks.get(at) ?? at),
      ...(ticks.size > 0 && { customValues: [...ticks.keys()] }),
    },
    splitLine: { show: false },
  };
}

/**
 * Writes the ticks of an axis of times: all as exactly as they differ, and times of a day by the clock alone, but for the
 * beginning of a day. The only tick says all that its value has.
 */
function timeTick(
  axis: Axis & { column: string | null },
  ticks: readonly number[],
  timesMs: readonly number[],
  { date }: Writers,
): (timeMs: number) => string {
  const { column, unit: grouped } = axis;
  if (ticks.length === 1) {
    return date(column, grouped ?? exactnessOf(timesMs, axis) ?? 'second');
  }
  const unit = unitOf(ticks);
  if (unit === 'year') return date(column, 'year');
  if (unit === 'quarter' || unit === 'month') {
    return date(column, grouped === 'quarter' ? 'quarter' : 'month');
  }
  const day = date(column, 'day');
  if (unit === 'week' || unit === 'day') return day;
  const has = (ms: number) => ticks.every((tick) => tick % ms === 0);
  const clock = date(column, has(60_000) ? 'clock' : has(1000) ? 'clock-second' : 'clock-fraction');
  return (timeMs) => (timeMs % DAY_MS === 0 ? day(timeMs) : clock(timeMs));
}

/** The one day on which all of these times are, for the title of an axis that shows clocks alone. */
export function onlyDay(
  { column, kind, unit }: Axis & { column: string | null },
  positions: readonly number[],
  { date }: Writers,
  zone?: string,
): string | undefined {
  const timesMs = zone === undefined ? positions : positions.map((at) => clockIn(zone, at));
  const days = new Set(timesMs.map((timeMs) => Math.floor(timeMs / DAY_MS)));
  const [first] = timesMs;
  const hasClocks = kind === 'time' && (unit == null || unit === 'hour');
  return hasClocks && days.size === 1 && first !== undefined
    ? date(column, 'day')(first)
    : undefined;
}

/** The measures of the axes at the left and at the right. */
export function measuresBySide(measures: readonly Measure[]) {
  return {
    left: measures.filter(({ axis }) => axis === 'left'),
    right: measures.filter(({ axis }) => axis === 'right'),
  };
}
