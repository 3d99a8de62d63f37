import type { Format } from './chart-spec.ts';
import type { ColumnKind } from './column-kind.ts';
import { type Digits, numberWriter } from './number-writer.ts';
import type { Cell } from './picture.ts';
import { timeWriter } from './time-writer.ts';

/** How exactly a date or time is written; `clock` is the time of a day alone. */
export type DateUnit =
  | 'year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'clock';

/** What writes names and values for a reader: by the formats of a chart and the locale of the reader. */
export type Writers = {
  /** The display name of a column. */
  title: (column: string) => string;
  /** Writes the values of a column in full; `null` is for numbers of rows. */
  cell: (column: string | null, kind: ColumnKind) => (value: Cell) => string;
  /** Writes the numbers of an axis: short, or with all digits where they differ little. */
  tick: (column: string | null, isClose: boolean) => (value: number) => string;
  /** Writes dates of a column, given as milliseconds in UTC. */
  date: (column: string | null, unit: DateUnit) => (timeMs: number) => string;
  /** Writes a share: 0.25 as 25 %. */
  percent: (share: number) => string;
};

/** Where an axis begins to write numbers short; years and codes are below. */
const LEAST_SHORT = 10_000;
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
    tick(column, isClose) {
      // Steps may need more digits than the values have.
      const { decimals: _, ...format } = formatOf(column) ?? {};
      const short = numberWriter(column ?? '', { style: 'short', ...format }, locales);
      const whole = numberWriter(column ?? '', format, locales);
      return (value) => (!isClose && Math.abs(value) >= LEAST_SHORT ? short(value) : whole(value));
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
} as const satisfies Partial<Record<DateUnit, Intl.DateTimeFormatOptions>>;

/** A pattern goes before all units but the time of a day, and a style before those of a day and less. */
function dateWriter(
  { date_pattern, date_style }: Format,
  unit: DateUnit,
  locales: readonly string[] | undefined,
): (timeMs: number) => string {
  const isCoarse = unit === 'year' || unit === 'quarter' || unit === 'month';
  if (unit !== 'clock' && date_pattern !== undefined) return written({ date_pattern });
  if (date_style === 'iso' && unit === 'month') return written({ date_pattern: 'yyyy-MM' });
  if (isCoarse) return written({ date_style: unit });
  if (unit !== 'clock' && date_style !== undefined) return written({ date_style });
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
