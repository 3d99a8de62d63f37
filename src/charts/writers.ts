import { isTimeZone } from '../clock.ts';
import type { Format } from './chart-spec.ts';
import type { ColumnKind } from './column-kind.ts';
import { type Digits, numberWriter } from './number-writer.ts';
import type { Cell } from './picture.ts';
import { timeWriter } from './time-writer.ts';

/** How exactly a date or time is written; `clock` is the time of a day alone, to the minute, second or millisecond. */
export type DateUnit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'clock'
  | 'clock-second'
  | 'clock-fraction';

/** What writes names and values for a reader: by the formats of a chart and the locale of the reader. */
export type Writers = {
  /** The display name of a column. */
  title: (column: string) => string;
  /** Writes the values of a column in full; `null` is for numbers of rows. */
  cell: (column: string | null, kind: ColumnKind) => (value: Cell) => string;
  /** Writes the numbers of an axis: short, or with as many digits as they take to differ by a step. */
  tick: (column: string | null, step: number) => (value: number) => string;
  /** The time zone by whose clocks moments of a column are written. */
  zone: (column: string | null) => string;
  /** Writes dates of a column, given as milliseconds in UTC. */
  date: (column: string | null, unit: DateUnit) => (timeMs: number) => string;
  /** Writes a share: 0.25 as 25%. */
  percent: (share: number) => string;
};

/** Where an axis begins to write numbers short; years and codes are below. */
const LEAST_SHORT = 10_000;
/** A number short has one digit after the point. */
const shortStep = (size: number) => 0.1 * 1000 ** Math.floor(Math.log10(size) / 3);
/** How many digits after the point a step has. */
const digitsOf = (step: number) => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
const USUAL_DIGITS = 6;
const MOST_DECIMALS = 10;
const LEAST_EXACT = 1e-3;
const DIGITS = /^-?\d+(\.\d+)?$/;

/** Writers by the formats of a chart. */
export function writersFor(
  formats: Readonly<Record<string, Format>>,
  locales?: readonly string[],
): Writers {
  const formatOf = (column: string | null) => formats[column ?? ''];
  const percent = numberWriter('', { style: 'percent' }, locales);
  return {
    title: (column) => formats[column]?.title || column,
    cell(column, kind) {
      const format = formatOf(column);
      const number = numberWriter(column ?? '', format, locales);
      const time = timeWriter('TIMESTAMP', format, locales);
      const moment = timeWriter('TIMESTAMP WITH TIME ZONE', format, locales);
      return (value) => {
        if (typeof value === 'number') return number(value);
        const text = String(value);
        if (kind === 'date' || kind === 'time')
          return text.endsWith('Z') ? moment(text) : time(text);
        return kind === 'number' && DIGITS.test(text) ? number(text as Digits) : text;
      };
    },
    tick(column, step) {
      // Steps may need more digits than the values have.
      const { decimals: _, ...format } = formatOf(column) ?? {};
      const { style = 'short', ...affixes } = format;
      const digits = digitsOf(step);
      const share = digits - 2;
      const isFine = style === 'percent' ? share > 1 : digits > USUAL_DIGITS;
      const decimals = Math.min(MOST_DECIMALS, style === 'percent' ? share : digits);
      const inFull = style === 'short' ? affixes : format;
      const exact = numberWriter(column ?? '', isFine ? { ...inFull, decimals } : inFull, locales);
      const whole = numberWriter(column ?? '', inFull, locales);
      const short = numberWriter(column ?? '', { ...affixes, style: 'short' }, locales);
      const isShort = style === 'short';
      return (value) => {
        const size = Math.abs(value);
        if (isShort && size >= LEAST_SHORT && step >= shortStep(size)) return short(value);
        // What is tiny all over is written with an exponent.
        return isFine && size >= LEAST_EXACT ? exact(value) : whole(value);
      };
    },
    zone(column) {
      const { time_zone: zone = 'UTC' } = formatOf(column) ?? {};
      return isTimeZone(zone) ? zone : 'UTC';
    },
    date: (column, unit) => dateWriter(formatOf(column) ?? {}, unit, locales),
    percent: (share) => percent(share),
  };
}

const byUnit = {
  week: { dateStyle: 'medium' },
  day: { dateStyle: 'medium' },
  hour: { dateStyle: 'medium', timeStyle: 'short' },
  minute: { dateStyle: 'medium', timeStyle: 'short' },
  second: { dateStyle: 'medium', timeStyle: 'medium' },
  clock: { timeStyle: 'short' },
  'clock-second': { timeStyle: 'medium' },
  'clock-fraction': {
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  },
} as const satisfies Partial<Record<DateUnit, Intl.DateTimeFormatOptions>>;

/** A pattern goes before all units but the time of a day, and a style before those of a day and less. */
function dateWriter(
  { date_pattern, date_style }: Format,
  unit: DateUnit,
  locales: readonly string[] | undefined,
): (timeMs: number) => string {
  const isClock = unit.startsWith('clock');
  const isCoarse = unit === 'year' || unit === 'quarter' || unit === 'month';
  if (!isClock && date_pattern !== undefined) return written({ date_pattern });
  if (date_style === 'iso' && unit === 'month') return written({ date_pattern: 'yyyy-MM' });
  if (isCoarse) return written({ date_style: unit });
  if (!isClock && date_style !== undefined) return written({ date_style });
  const intl = new Intl.DateTimeFormat(locales as string[], { ...byUnit[unit], timeZone: 'UTC' });
  return (timeMs) => intl.format(timeMs);

  function written(format: Format): (timeMs: number) => string {
    const write = timeWriter('TIMESTAMP', format, locales);
    const isDay = isCoarse || unit === 'day' || unit === 'week';
    return (timeMs) => {
      const text = new Date(timeMs).toISOString();
      return write(isDay ? text.slice(0, 10) : text.slice(0, -1));
    };
  }
}
