import { isTimeZone } from '../clock.ts';
import type { Format } from './chart-spec.ts';
import { patternWriter } from './time-pattern.ts';

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** What a text says of when: a day alone, or a time with its fraction of a second. */
type When = { timeMs: number; isDay: boolean; fraction: string };

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
  format: Format = {},
  locales?: string | readonly string[],
): (text: string) => string {
  // A column has one or two of these, whose writers are made once.
  const made = new Map<string, (when: When) => string>();
  return (text) => {
    const when = readTime(text);
    if (when === undefined) return text;
    const { isDay, fraction } = when;
    const kind = `${isDay} ${fraction !== ''}`;
    let write = made.get(kind);
    if (write === undefined) {
      const isMoment = !isDay && /TIME ZONE|TIMESTAMPTZ/i.test(type);
      const { time_zone: zone = 'UTC' } = format;
      const timeZone = isMoment && isTimeZone(zone) ? zone : 'UTC';
      write = writerOf(format, when, timeZone, locales);
      made.set(kind, write);
    }
    return write(when);
  };
}

/** What writes all that are like this one: days, times, or times with a fraction. */
function writerOf(
  { date_style: style = 'medium', date_pattern: pattern }: Format,
  { isDay, fraction }: When,
  timeZone: string,
  locales: string | readonly string[] | undefined,
): (when: When) => string {
  const by = (text: string) => patternWriter(text, timeZone, locales);
  if (pattern === undefined && style === 'iso') {
    const write = by(isDay ? 'yyyy-MM-dd' : 'yyyy-MM-dd HH:mm:ss');
    return (when) => [write(when.timeMs), ...(fraction === '' ? [] : [when.fraction])].join('.');
  }
  const text = pattern ?? (style === 'quarter' ? "yyyy 'Q'Q" : undefined);
  const options = optionsOf(style, isDay, fraction !== '');
  const intl = new Intl.DateTimeFormat(locales as string[], { ...options, timeZone });
  const write = text === undefined ? (timeMs: number) => intl.format(timeMs) : by(text);
  return ({ timeMs }) => write(timeMs);
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
function readTime(text: string): When | undefined {
  const isDay = DAY.test(text);
  const [, day = text, clock = '00:00:00', digits = '', offset = 'Z'] = TIME.exec(text) ?? [];
  if ((!isDay && day === text) || text < '1000') return undefined;
  const zone = offset.length === 3 ? `${offset}:00` : offset;
  const timeMs = Date.parse(`${day}T${clock}.${digits.slice(0, 3).padEnd(3, '0')}${zone}`);
  if (Number.isNaN(timeMs)) return undefined;
  return { timeMs, isDay, fraction: /^0*$/.test(digits) ? '' : digits };
}
