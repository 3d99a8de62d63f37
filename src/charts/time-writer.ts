import { isTimeZone } from '../clock.ts';
import type { Format } from './chart-spec.ts';
import { writePattern } from './time-pattern.ts';

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * What writes the dates or times of a column as people of a locale do; a text that is neither stays as it is.
 *
 * A time of a clock without a zone is written as it stands. One that is a moment is told by the clocks of the format's
 * `time_zone`, and by those of UTC without one.
 *
 * @param type of the column, as its engine calls it.
 * @param locales as Intl takes them: the reader's own.
 */
export function timeWriter(
  type: string,
  { date_style: style = 'medium', date_pattern: pattern, time_zone: zone = 'UTC' }: Format = {},
  locales?: string | readonly string[],
): (text: string) => string {
  const isMoment = /TIME ZONE|TIMESTAMPTZ/i.test(type);
  const zoneOf = (isDay: boolean) => (isDay || !isMoment || !isTimeZone(zone) ? 'UTC' : zone);
  const made = new Map<string, Intl.DateTimeFormat>();
  const intl = (isDay: boolean, hasFraction: boolean) => {
    const key = `${isDay} ${hasFraction}`;
    const known = made.get(key);
    if (known) return known;
    const options = { ...optionsOf(style, isDay, hasFraction), timeZone: zoneOf(isDay) };
    const format = new Intl.DateTimeFormat(locales, options);
    made.set(key, format);
    return format;
  };
  return (text) => {
    const read = readTime(text);
    if (read === undefined) return text;
    const { timeMs, isDay, fraction } = read;
    const timeZone = zoneOf(isDay);
    if (pattern !== undefined) return writePattern(pattern, { timeMs, timeZone, locales });
    if (style === 'iso') {
      const written = writePattern(isDay ? 'yyyy-MM-dd' : 'yyyy-MM-dd HH:mm:ss', {
        timeMs,
        timeZone,
      });
      return fraction === '' ? written : `${written}.${fraction}`;
    }
    if (style === 'quarter') return writePattern("yyyy 'Q'Q", { timeMs, timeZone });
    return intl(isDay, fraction !== '').format(timeMs);
  };
}

type Style = NonNullable<Format['date_style']>;

function optionsOf(style: Style, isDay: boolean, hasFraction: boolean): Intl.DateTimeFormatOptions {
  if (style === 'year') return { year: 'numeric' };
  if (style === 'month') return { year: 'numeric', month: 'short' };
  const dateStyle = style === 'short' || style === 'long' ? style : 'medium';
  if (isDay) return { dateStyle };
  if (!hasFraction) return { dateStyle, timeStyle: style === 'short' ? 'short' : 'medium' };
  // A style takes no digits of seconds beside it.
  return {
    year: 'numeric',
    month: style === 'short' ? 'numeric' : style === 'long' ? 'long' : 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  };
}

/** A date or time in ISO 8601; undefined for what is none, and for years that Intl would write without their era. */
function readTime(text: string): { timeMs: number; isDay: boolean; fraction: string } | undefined {
  const isDay = DAY.test(text);
  const [, day = text, clock = '00:00:00', digits = '', offset = 'Z'] = TIME.exec(text) ?? [];
  if ((!isDay && day === text) || text < '1000') return undefined;
  const zone = offset.length === 3 ? `${offset}:00` : offset;
  const timeMs = Date.parse(`${day}T${clock}.${digits.slice(0, 3).padEnd(3, '0')}${zone}`);
  if (Number.isNaN(timeMs)) return undefined;
  return { timeMs, isDay, fraction: /^0*$/.test(digits) ? '' : digits };
}
