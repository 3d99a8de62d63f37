import type { Schedule } from '../api/schedules.ts';
import { words } from '../words.ts';
import styles from './schedule-refusal.module.css';
import { Time } from './time.tsx';

/** When and why a schedule could not start its last run, if it could not. */
export function Refusal({
  schedule: { last_refused_run: at, last_refusal: why },
}: {
  schedule: Schedule;
}) {
  if (why === null) return null;
  return (
    <p className={styles.refusal}>
      {words.schedules.refused} <Time at={at} />: {why}
    </p>
  );
}
