/** How often something happens, in the words of Mode's API. */
export const frequencies = [
  'every_15_minutes',
  'every_30_minutes',
  'hourly',
  'daily',
  'weekly',
  'monthly',
] as const;

export type Frequency = (typeof frequencies)[number];

/** The days of the week by their number: Sunday is 0. */
export const daysOfWeek = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;

/** When something happens again and again, by the clocks of a time zone (IANA). */
export type Timing = { timeZone: string } & (
  | { frequency: 'every_15_minutes' | 'every_30_minutes' }
  | { frequency: 'hourly'; minute: number }
  | { frequency: 'daily'; hour: number; minute: number }
  | { frequency: 'weekly'; hour: number; minute: number; days: number[] }
  /** A day that the month does not have means its last. */
  | { frequency: 'monthly'; hour: number; minute: number; day: number }
  /** The five fields of cron. */
  | { frequency: 'cron'; cron: string }
);

/** The patterns of cron that together mean the same. */
export function cronPatterns(timing: Timing): string[] {
  switch (timing.frequency) {
    case 'every_15_minutes':
      return ['*/15 * * * *'];
    case 'every_30_minutes':
      return ['*/30 * * * *'];
    case 'hourly':
      return [`${timing.minute} * * * *`];
    case 'daily':
      return [`${timing.minute} ${timing.hour} * * *`];
    case 'weekly':
      return [`${timing.minute} ${timing.hour} * * ${timing.days.join(',')}`];
    case 'monthly': {
      const at = `${timing.minute} ${timing.hour}`;
      if (timing.day <= 28) return [`${at} ${timing.day} * *`];
      if (timing.day === 31) return [`${at} L * *`];
      return [`${at} ${timing.day} 1,3-12 *`, `${at} L 2 *`];
    }
    case 'cron':
      return [timing.cron];
  }
}
