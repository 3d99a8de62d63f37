import type { TimeUnit } from './chart-words.ts';
import type { ColumnKind } from './column-kind.ts';
import { most } from './most.ts';
import type { Cell } from './picture.ts';

/** What is known of the values along x. */
export type Axis = { kind: ColumnKind; unit?: TimeUnit | null; time_zone?: string | null };

export const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z?)?$/;

/**
 * The place of a value on a scale: a number, or for dates and times milliseconds in UTC. Times that were grouped in a
 * time zone are at the time of its clocks. Undefined for values that have no place.
 */
export function positionOf(value: Cell, { kind, time_zone: zone }: Axis): number | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  if (kind === 'number') {
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
  if ((kind !== 'date' && kind !== 'time') || !ISO.test(String(value))) return undefined;
  const text = String(value);
  const hasClock = text.includes('T');
  const timeMs = Date.parse(hasClock && !text.endsWith('Z') ? `${text}Z` : text);
  if (Number.isNaN(timeMs)) return undefined;
  return zone && text.endsWith('Z') ? clockIn(zone, timeMs) : timeMs;
}

/** The places of values on a scale; undefined if one has none, or if they are not in order. */
export function positionsOf(values: readonly Cell[], axis: Axis): number[] | undefined {
  const found: number[] = [];
  for (const value of values) {
    const position = positionOf(value, axis);
    if (position === undefined || position < (found.at(-1) ?? position)) return undefined;
    found.push(position);
  }
  return found;
}

/** What clocks of a zone show, as milliseconds in UTC. */
export function clockIn(timeZone: string, timeMs: number): number {
  const parts = clockOf(timeZone).formatToParts(timeMs);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const [year, month, day] = [of('year'), of('month') - 1, of('day')];
  return Date.UTC(year, month, day, of('hour'), of('minute'), of('second')) + (timeMs % 1000);
}

/** When clocks of a zone show a time that is given as milliseconds in UTC. */
export function momentIn(timeZone: string, clockMs: number): number {
  const near = clockMs - (clockIn(timeZone, clockMs) - clockMs);
  return near - (clockIn(timeZone, near) - clockMs);
}

/** Made once for each zone: to make one takes longer than to read it a hundred times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, clock);
  return clock;
}

const units: readonly TimeUnit[] = ['year', 'quarter', 'month', 'week', 'day', 'hour'];

/** The coarsest unit at whose beginning all of these times are; undefined where they are within hours. */
export function unitOf(timesMs: readonly number[]): TimeUnit | undefined {
  const [first = 0] = timesMs;
  return units.find((unit) => timesMs.every((timeMs) => begins(timeMs, unit, first)));
}

/** Whether a unit begins at this time. Weeks begin on the weekday of the first time. */
function begins(timeMs: number, unit: TimeUnit, first: number): boolean {
  const date = new Date(timeMs);
  const isMidnight = timeMs % DAY_MS === 0;
  const isFirst = isMidnight && date.getUTCDate() === 1;
  const month = date.getUTCMonth();
  switch (unit) {
    case 'year':
      return isFirst && month === 0;
    case 'quarter':
      return isFirst && month % 3 === 0;
    case 'month':
      return isFirst;
    case 'week':
      return isMidnight && (timeMs - first) % (7 * DAY_MS) === 0;
    case 'day':
      return isMidnight;
    case 'hour':
      return timeMs % 3_600_000 === 0;
  }
}

/** So many times as many places as values are not too many to see the values. */
const MOST_SPREAD = 4;
const ALWAYS_FIT = 60;

/**
 * Places for bars along dates or whole numbers, with empty ones where values are missing in between; undefined where
 * there is no regular step, or where there would be far more empty places than others.
 */
export function regularPlaces(positions: readonly number[], axis: Axis): number[] | undefined {
  if (positions.length < 2) return undefined;
  const last = positions.at(-1) as number;
  const next = axis.kind === 'number' ? nextNumber(positions) : nextTime(positions, axis.unit);
  if (next === undefined) return undefined;
  const limit = Math.min(most.places, Math.max(ALWAYS_FIT, MOST_SPREAD * positions.length));
  const places: number[] = [];
  for (let place = positions[0] as number; place <= last; place = next(place)) {
    if (places.push(place) > limit) return undefined;
  }
  const known = new Set(places);
  return positions.every((position) => known.has(position)) ? places : undefined;
}

function nextNumber(positions: readonly number[]): ((place: number) => number) | undefined {
  return positions.every(Number.isSafeInteger) ? (place) => place + 1 : undefined;
}

function nextTime(
  positions: readonly number[],
  given: TimeUnit | null | undefined,
): ((place: number) => number) | undefined {
  const unit = given ?? unitOf(positions);
  const months = { year: 12, quarter: 3, month: 1 };
  const days = { week: 7, day: 1, hour: 1 / 24 };
  if (unit === undefined) return undefined;
  if (unit in days) return (place) => place + DAY_MS * days[unit as keyof typeof days];
  return (place) => {
    const date = new Date(place);
    return date.setUTCMonth(date.getUTCMonth() + months[unit as keyof typeof months]);
  };
}
