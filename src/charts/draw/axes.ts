import type { Measure } from '../picture.ts';
import { type Axis, DAY_MS, unitOf } from '../positions.ts';
import type { DateUnit, Writers } from '../writers.ts';
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

/** Whether numbers differ so little that they are the same when they are written short. */
export function areClose(values: readonly number[]): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least < CLOSE * Math.max(Math.abs(least), Math.abs(most));
}

const CLOSE = 0.3;

/** The axis along x on which numbers, dates and times have the space that lies between them. */
export function scaleAlong(
  axis: Axis & { column: string | null },
  positions: readonly number[],
  sheet: Sheet,
) {
  const { paper, writers, width } = sheet;
  const line = { axisLine: { show: true, lineStyle: { color: paper.rule } } };
  const splitNumber = Math.max(2, Math.min(10, Math.floor(width / 100)));
  if (axis.kind === 'number') {
    const own = numberAxis(positions, writers.tick(axis.column, areClose(positions)), paper);
    return { ...own, ...line, scale: true, splitNumber, splitLine: { show: false } };
  }
  const sorted = positions.toSorted((a, b) => a - b);
  const [first, last = 0] = [sorted[0], sorted.at(-1)];
  return {
    type: 'time',
    ...line,
    axisTick: { show: false },
    axisLabel: {
      ...labelStyle(paper),
      formatter: timeTick(axis.column, writers),
      ...(first !== undefined && {
        customValues: timeTicks(first, last, splitNumber, unitOf(sorted)),
      }),
    },
    splitLine: { show: false },
  };
}

/** Writes a tick of an axis of times as exactly as where it is: a year, a month, a day, or the time of a day. */
function timeTick(column: string | null, { date }: Writers): (timeMs: number) => string {
  const units: readonly DateUnit[] = ['year', 'month', 'day', 'clock'];
  const writers = new Map(units.map((unit) => [unit, date(column, unit)]));
  return (timeMs) => {
    const unit = unitOf([timeMs]);
    const known =
      unit === 'year' ? 'year' : unit === 'quarter' || unit === 'month' ? 'month' : unit;
    const isDay = known === 'week' || known === 'day';
    const exact: DateUnit =
      known === undefined || known === 'hour' ? 'clock' : isDay ? 'day' : known;
    return writers.get(exact)?.(timeMs) ?? '';
  };
}

/** The one day on which all of these times are, for the title of an axis that shows clocks alone. */
export function onlyDay(
  { column, kind, unit }: Axis & { column: string | null },
  timesMs: readonly number[],
  { date }: Writers,
): string | undefined {
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
