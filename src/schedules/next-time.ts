import { Cron } from 'croner';
import { cronPatterns, type Timing } from './timing.ts';

/**
 * When something with this timing happens next: the first time after `afterMs`, in milliseconds since 1970, or undefined
 * where there is none.
 *
 * Where clocks are changed, what is due at a time of day happens once on that day: right after the gap where the clocks
 * skip the time, and the first time where they show it twice. What is due every so many minutes, whatever the hour, goes on
 * through both.
 */
export function nextTime(timing: Timing, afterMs: number): number | undefined {
  const times = cronPatterns(timing)
    .map((pattern) => cronOf(pattern, timing.timeZone).nextRun(new Date(afterMs))?.getTime())
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What is wrong with a pattern of cron, in words; undefined where it is one that comes true some day. */
export function wrongWithCron(pattern: string): string | undefined {
  if (!/^[\w*,/#+-]+(?: [\w*,/#+-]+){4}$/.test(pattern))
    return 'it must be the five fields of cron: minute, hour, day of the month, month, day of the week';
  try {
    if (cronOf(pattern, 'UTC').nextRun(new Date(0))) return undefined;
    return 'it must be a time that exists';
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return `cron is invalid (${why.replace(/^CronPattern: |\.$/g, '')})`;
  }
}

function cronOf(pattern: string, timezone: string): Cron {
  return new Cron(pattern, { timezone, mode: '5-part' });
}
