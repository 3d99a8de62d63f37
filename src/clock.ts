/** The one place that time comes from, so that a test can fix it. Answers milliseconds since 1970. */
export type Clock = () => number;

export const DAY_MS = 24 * 60 * 60 * 1000;

export const systemClock: Clock = () => Date.now();

/** A time as the APIs write it: UTC with milliseconds and `Z`, `2020-05-04T20:17:55.387Z`. */
export function wireTime(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** A time as the members list writes it: UTC in whole seconds, `2020-05-04T20:17:55Z`. */
export function wireTimeInSeconds(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

const ISO_TIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?)?$/i;

/**
 * The milliseconds of a time in ISO 8601 or as clients and databases write it: `2026-10-02`, `2026-10-02T21:00Z`,
 * `2026-10-02T21:00:00+0000`, `2026-10-02 21:00:30.584520 UTC`. A time without a zone is UTC, a date its first moment.
 * Undefined where it is none of them, or a moment that no calendar has: 30 February, 25 o'clock.
 */
export function parseTime(text: string): number | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const [, day = '', minutes = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match;
  if (!dayExists(day) || minutes > '23:59') return undefined;
  const time = `${day}T${minutes}${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${offset(zone)}`;
  const timeMs = Date.parse(time);
  // Times are compared as text, so an offset must not lead out of the years that have four digits.
  return timeMs >= FIRST_MS && timeMs < AFTER_MS ? timeMs : undefined;
}

const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const AFTER_MS = Date.parse('9999-12-31T23:59:59.999Z') + 1;

/** Whether a day such as `2026-01-31` is one of the calendar: the parser takes 31 June for 1 July. */
export function dayExists(day: string): boolean {
  const timeMs = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(`${day}T`);
}

function offset(zone: string): string {
  if (/^[a-z]/i.test(zone)) return 'Z';
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}

/** Whether it is a time zone (IANA), such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
