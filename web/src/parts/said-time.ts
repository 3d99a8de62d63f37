import { readerLocales } from '../reader.ts';
import { words } from '../words.ts';

const day = new Intl.DateTimeFormat(readerLocales, { dateStyle: 'medium' });
// Part of sentences, which are English.
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time as people say it, in the reader's zone: "3 hr. ago", and past a month the day. */
export function saidTime(timeMs: number, nowMs: number): string {
  const ago = nowMs - timeMs;
  const distance = Math.abs(ago);
  const sign = ago < 0 ? 1 : -1;
  if (distance < MINUTE) return ago < 0 ? words.inAMoment : words.justNow;
  if (distance < HOUR) return relative.format(sign * Math.trunc(distance / MINUTE), 'minute');
  if (distance < DAY) return relative.format(sign * Math.trunc(distance / HOUR), 'hour');
  if (distance < 31 * DAY) return relative.format(sign * Math.round(distance / DAY), 'day');
  return day.format(timeMs);
}
