import type { Schedule } from '../api/schedules.ts';
import { words } from '../words.ts';
import styles from './schedule-refusal.module.css';
import { Time } from './time.tsx';

/** What is wrong with a schedule: why it could not start its last run, and why the last that ended failed. */
export function Refusal({
  schedule: { last_refused_run: at, last_refusal: why, last_failure: failure },
}: {
  schedule: Schedule;
}) {
  return (
    <>
      {why !== null && (
        <p className={styles.refusal}>
          {words.schedules.refused} <Time at={at} />: {why}
        </p>
      )}
      {failure !== null && (
        <p className={styles.refusal}>
          {words.schedules.failed}: {failure}
        </p>
      )}
    </>
  );
}
