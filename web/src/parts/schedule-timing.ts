import type { Schedule } from '../api/schedules.ts';
import { words } from '../words.ts';

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
