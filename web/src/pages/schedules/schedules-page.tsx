import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import {
  changeSchedule,
  deleteSchedule,
  type Schedule,
  useAllSchedules,
} from '../../api/schedules.ts';
import { ScheduleDialog } from '../../manage/schedule-dialog.tsx';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { Refusal } from '../../parts/schedule-refusal.tsx';
import { saidTiming } from '../../parts/schedule-timing.ts';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import { DayLine } from './day-line.tsx';
import styles from './schedules-page.module.css';

/** Everything that runs by itself: a day as a line, so that a herd is seen, and each schedule. */
export function SchedulesPage() {
  usePageTitle(words.places.schedules);
  const { organization } = useParams({ from: '/$organization' });
  const schedules = useAllSchedules(organization);
  const [leaving, setLeaving] = useState<Schedule>();
  const [edited, setEdited] = useState<Schedule>();
  const turn = (schedule: Schedule) =>
    attempt(async () => {
      await changeSchedule(organization, schedule, { paused: !schedule.paused });
      say(schedule.paused ? words.schedules.isResumed : words.schedules.isPaused);
    });

  return (
    <main className="page">
      <div className="page-head">
        <h1>{words.places.schedules}</h1>
      </div>
      <Loaded query={schedules}>
        {(list) =>
          list.length === 0 ? (
            <p className="faint">{words.schedules.none}</p>
          ) : (
            <>
              <DayLine schedules={list} />
              <table className="things">
                <thead>
                  <tr>
                    <th scope="col">{words.schedules.report}</th>
                    <th scope="col">{words.schedules.frequency}</th>
                    <th scope="col" className="spare">
                      {words.schedules.next}
                    </th>
                    <th scope="col" className="spare">
                      {words.schedules.owner}
                    </th>
                    <th scope="col">
                      <span className="out-of-sight">{words.actions}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.toSorted(byStopped).map((schedule) => (
                    <tr key={schedule.token}>
                      <td>
                        <Link
                          to="/$organization/reports/$report"
                          params={{ organization, report: schedule.report_token }}
                        >
                          {schedule.report_name ?? words.untitled}
                        </Link>
                      </td>
                      <td>
                        {saidTiming(schedule)} <span className="faint">{schedule.time_zone}</span>
                        <Refusal organization={organization} schedule={schedule} />
                      </td>
                      <td className="spare">
                        {schedule.paused ? (
                          words.schedules[schedule.stopped_at === null ? 'paused' : 'stopped']
                        ) : (
                          <Time at={schedule.next_scheduled_run} isAhead />
                        )}
                      </td>
                      <td className="spare">{schedule.creator_email}</td>
                      <td className={`number ${styles.acts}`}>
                        {!schedule.owner_removed && schedule.stopped_at === null && (
                          <Button kind="bare" onClick={() => turn(schedule)}>
                            {schedule.paused ? words.schedules.resume : words.schedules.pause}
                          </Button>
                        )}
                        <Button kind="bare" onClick={() => setEdited(schedule)}>
                          {words.edit}
                        </Button>
                        <Button kind="bare" onClick={() => setLeaving(schedule)}>
                          {words.delete}
                        </Button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </>
          )
        }
      </Loaded>
      {edited && (
        <ScheduleDialog
          organization={organization}
          report={edited.report_token}
          schedule={edited}
          onClose={() => setEdited(undefined)}
        />
      )}
      {leaving && (
        <FormDialog
          title={words.schedules.deleteTitle(leaving.report_name ?? words.untitled)}
          isOpen
          kind="danger"
          submit={words.delete}
          onClose={() => setLeaving(undefined)}
          onSubmit={async () => {
            await deleteSchedule(organization, leaving);
            say(words.schedules.deleted);
          }}
        >
          <p>{words.schedules.deleteHint}</p>
        </FormDialog>
      )}
    </main>
  );
}

/** Those that need a new owner come first. */
function byStopped(a: Schedule, b: Schedule): number {
  return Number(b.stopped_at !== null) - Number(a.stopped_at !== null);
}
