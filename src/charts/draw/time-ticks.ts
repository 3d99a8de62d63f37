import type { TimeUnit } from '../chart-words.ts';
import { DAY_MS } from '../positions.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** The first Monday of 1970, from which weeks are counted. */
const MONDAY_MS = 4 * DAY_MS;

const clocks = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
];
const days = [1, 2, 7, 14].map((count) => count * DAY_MS);
const months = [1, 2, 3, 6];
const years = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The least number of months between two ticks of values that begin with a unit. */
const leastMonths: Partial<Record<TimeUnit, number>> = { month: 1, quarter: 3, year: 12 };

/**
 * Where an axis of times has its labels: evenly, at the beginnings of milliseconds, seconds, hours, days, months or years.
 *
 * @param most of them; there is at least one.
 * @param unit at whose beginnings all values are; undefined where they are within hours.
 */
export function timeTicks(
  first: number,
  last: number,
  most: number,
  unit: TimeUnit | undefined,
): number[] {
  const least = unit && leastMonths[unit];
  if (least === undefined) {
    const isDays = unit === 'day' || unit === 'week';
    for (const step of [...(isDays ? [] : clocks), ...days]) {
      if ((last - first) / step > most) continue;
      const origin = step % (7 * DAY_MS) === 0 ? MONDAY_MS : 0;
      const ticks = everyStep(Math.ceil((first - origin) / step) * step + origin, last, step);
      if (ticks.length > 0) return ticks;
    }
  }
  const steps = [...months, ...years.map((count) => 12 * count)];
  for (const step of steps.filter((count) => count >= (least ?? 1))) {
    const ticks = everyMonths(first, last, step, most);
    if (ticks !== undefined && ticks.length > 0) return ticks;
  }
  return [first];
}

function everyStep(begin: number, last: number, step: number): number[] {
  const ticks: number[] = [];
  for (let tick = begin; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** The beginnings of so many months each; undefined where there are too many. */
function everyMonths(
  first: number,
  last: number,
  step: number,
  most: number,
): number[] | undefined {
  const begin = new Date(first);
  const month = begin.getUTCFullYear() * 12 + begin.getUTCMonth();
  const ticks: number[] = [];
  for (let next = Math.floor(month / step) * step; ; next += step) {
    const tick = new Date(0).setUTCFullYear(Math.floor(next / 12), next % 12, 1);
    if (tick > last) return ticks;
    if (tick >= first && ticks.push(tick) > most + 1) return undefined;
  }
}
