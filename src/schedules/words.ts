import { daysOfWeek, type Timing } from './timing.ts';

/** The hour of a time of day as people say it: `8:00 pm`. Null where a timing has none. */
export function hourInWords(timing: Timing): string | null {
  if (!('hour' in timing)) return null;
  const { hour } = timing;
  return `${hour % 12 === 0 ? 12 : hour % 12}:00 ${hour < 12 ? 'am' : 'pm'}`;
}

/** The minute as people say it. Null where a timing has none. */
export function minuteInWords(timing: Timing): string | null {
  if (!('minute' in timing)) return null;
  const { minute } = timing;
  if (minute === 0) return 'the top of the hour';
  return `${minute} ${minute === 1 ? 'minute' : 'minutes'} past the hour`;
}

/** `Monday,Thursday`. Null where a timing has no days of the week. */
export function daysInWords(timing: Timing): string | null {
  return timing.frequency === 'weekly' ? timing.days.map((day) => daysOfWeek[day]).join(',') : null;
}
