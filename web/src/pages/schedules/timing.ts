import type { Schedule } from '../../api/schedules.ts';
import { words } from '../../words.ts';

/** When a schedule runs, as people say it. */
export function saidTiming(schedule: Schedule): string {
  const { frequency, cron_hour: hour, cron_minute: minute } = schedule;
  const said = words.schedules.frequencies[frequency as keyof typeof words.schedules.frequencies];
  if (frequency === 'cron') return schedule.cron ?? '';
  const days = schedule.day_of_week?.replaceAll(',', ', ');
  const day = schedule.day_of_month;
  const parts = [
    said ?? frequency,
    days && words.schedules.onDays(days),
    day !== null && words.schedules.onDay(day),
    hour !== null && words.schedules.at(clock(hour, minute ?? 0)),
    frequency === 'hourly' && words.schedules.atMinute(minute ?? 0),
  ];
  return parts.filter(Boolean).join(' ');
}

export function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** When it starts on a day, in minutes since midnight of its own clocks; cron is shown by its next start alone. */
export function startsOfDay(schedule: Schedule): number[] {
  const minute = schedule.cron_minute ?? 0;
  const every = (step: number, from: number) =>
    Array.from({ length: Math.floor((24 * 60) / step) }, (_, index) => from + index * step);
  switch (schedule.frequency) {
    case 'every_15_minutes':
      return every(15, 0);
    case 'every_30_minutes':
      return every(30, 0);
    case 'hourly':
      return every(60, minute);
    case 'cron': {
      if (schedule.next_scheduled_run === null) return [];
      const next = new Date(schedule.next_scheduled_run);
      return [next.getHours() * 60 + next.getMinutes()];
    }
    default:
      return [(schedule.cron_hour ?? 0) * 60 + minute];
  }
}
