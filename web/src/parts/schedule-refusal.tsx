import { type Schedule, takeOver } from '../api/schedules.ts';
import { words } from '../words.ts';
import { attempt } from './attempt.ts';
import { Button } from './button.tsx';
import styles from './schedule-refusal.module.css';
import { Time } from './time.tsx';
import { say } from './toast.tsx';

/** What is wrong with a schedule: that nobody owns it, why it could not start its last run, why the last that ended failed. */
export function Refusal({ organization, schedule }: { organization: string; schedule: Schedule }) {
  const { last_refused_run: at, last_refusal: why, last_failure: failure } = schedule;
  const { owner_removed: isOrphaned, stopped_at: stoppedAt, creator_email: owner } = schedule;
  return (
    <>
      {(isOrphaned || stoppedAt !== null) && (
        <p className={styles.refusal}>
          {stoppedAt !== null && (
            <>
              {words.schedules.stopped} <Time at={stoppedAt} />:{' '}
            </>
          )}
          {words.schedules.ownerRemoved(owner)}{' '}
          <Button
            kind="bare"
            onClick={() =>
              attempt(async () => {
                await takeOver(organization, schedule);
                say(words.schedules.takenOver);
              })
            }
          >
            {words.schedules.takeOver}
          </Button>
        </p>
      )}
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
