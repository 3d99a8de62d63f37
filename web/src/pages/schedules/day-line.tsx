import type { Schedule } from '../../api/schedules.ts';
import { clock } from '../../parts/schedule-timing.ts';
import { words } from '../../words.ts';
import styles from './day-line.module.css';

const QUARTERS = 24 * 4;

/** A day in quarters of an hour: how many runs begin in each, at most. */
export function DayLine({ schedules }: { schedules: readonly Schedule[] }) {
  const counts = Array.from({ length: QUARTERS }, () => 0);
  for (const schedule of schedules) {
    if (schedule.paused) continue;
    for (const minute of startsOfDay(schedule)) {
      const quarter = Math.floor(minute / 15) % QUARTERS;
      counts[quarter] = (counts[quarter] ?? 0) + 1;
    }
  }
  const most = Math.max(1, ...counts);
  const herd = counts.indexOf(most);
  return (
    <figure className={styles.day}>
      <figcaption className="faint">
        {words.schedules.herd(most, clock(Math.floor(herd / 4), (herd % 4) * 15))}
      </figcaption>
      <svg viewBox={`0 0 ${QUARTERS * 10} 64`} preserveAspectRatio="none" aria-hidden="true">
        {counts.map((count, quarter) =>
          count === 0 ? null : (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a quarter of an hour is its number.
              key={quarter}
              x={quarter * 10 + 1}
              width={8}
              y={64 - Math.max(6, (count / most) * 60)}
              height={Math.max(6, (count / most) * 60)}
              className={count === most && most > 2 ? styles.herd : styles.run}
            />
          ),
        )}
        <line x1="0" x2={QUARTERS * 10} y1="64" y2="64" className={styles.ground} />
      </svg>
      <ol className={styles.hours} aria-hidden="true">
        {[0, 6, 12, 18].map((hour) => (
          <li key={hour}>{clock(hour, 0)}</li>
        ))}
      </ol>
    </figure>
  );
}

/** When it starts on a day, in minutes since midnight of its own clocks; cron is shown by its next start alone. */
function startsOfDay(schedule: Schedule): number[] {
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
