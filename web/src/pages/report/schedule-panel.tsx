import { useState } from 'react';
import type { Report } from '../../api/reports.ts';
import { type Schedule, useSchedules } from '../../api/schedules.ts';
import { ScheduleDialog } from '../../manage/schedule-dialog.tsx';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Refusal } from '../../parts/schedule-refusal.tsx';
import { saidTiming } from '../../parts/schedule-timing.ts';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';

/** When the report runs by itself. */
export function SchedulePanel({ organization, report }: { organization: string; report: Report }) {
  const schedules = useSchedules(organization, report.token);
  const [edited, setEdited] = useState<Schedule | 'new'>();
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
                  {!report.archived && (
                    <Button kind="bare" onClick={() => setEdited(schedule)}>
                      {words.edit}
                    </Button>
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
          <Button onClick={() => setEdited('new')}>{words.schedules.add}</Button>
        </div>
      )}
      {edited !== undefined && (
        <ScheduleDialog
          organization={organization}
          report={report.token}
          schedule={edited === 'new' ? undefined : edited}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}
