import { useState } from 'react';
import type { Report } from '../../api/reports.ts';
import { useSchedules } from '../../api/schedules.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Refusal } from '../../parts/schedule-refusal.tsx';
import { saidTiming } from '../../parts/schedule-timing.ts';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';
import { ScheduleDialog } from './schedule-dialog.tsx';

/** When the report runs by itself. */
export function SchedulePanel({ organization, report }: { organization: string; report: Report }) {
  const schedules = useSchedules(organization, report.token);
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="stack">
      <Loaded query={schedules}>
        {(list) => (
          <ul className={styles.entries}>
            {list.map((schedule) => (
              <li key={schedule.token}>
                <p>{saidTiming(schedule)}</p>
                <p className="faint">
                  {schedule.time_zone} ·{' '}
                  {schedule.paused ? (
                    words.schedules[schedule.stopped_at === null ? 'paused' : 'stopped']
                  ) : (
                    <Time at={schedule.next_scheduled_run} isAhead />
                  )}
                </p>
                <Refusal organization={organization} schedule={schedule} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {!report.archived && (
        <div className="actions">
          <Button onClick={() => setAdding(true)}>{words.schedules.add}</Button>
        </div>
      )}
      {isAdding && (
        <ScheduleDialog
          organization={organization}
          report={report.token}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}
