import { Link, useParams } from '@tanstack/react-router';
import { isReading } from '../../api/reading.ts';
import { csvAddress, type RollCall, useRollCall } from '../../api/roll-call.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { words } from '../../words.ts';
import { RollCallLists } from './roll-call-lists.tsx';
import styles from './roll-call-page.module.css';
import { Rule } from './rule.tsx';
import { Strip } from './strip.tsx';
import { Trend } from './trend.tsx';

/** Which reports answer, in a sentence, at a glance, and by lists of those that want looking after. */
export function RollCallPage() {
  usePageTitle(words.places.rollCall);
  const { organization } = useParams({ from: '/$organization' });
  const rollCall = useRollCall(organization);
  const isBeingRead = rollCall.data !== undefined && isReading(rollCall.data);
  return (
    <main className={`page ${styles.page}`}>
      <div className="page-head">
        <h1 className={styles.title}>{words.places.rollCall}</h1>
        {!isBeingRead && (
          <a className="button-link" href={csvAddress(organization)} download>
            {words.rollCall.download}
          </a>
        )}
      </div>
      <Loaded query={rollCall}>
        {(answer) =>
          isReading(answer) ? (
            <p className={styles.rule} role="status">
              {words.rollCall.reading(answer.percent_read)}
            </p>
          ) : (
            <Called organization={organization} called={answer} />
          )
        }
      </Loaded>
    </main>
  );
}

function Called({ organization, called }: { organization: string; called: RollCall }) {
  return (
    <>
      <p className={styles.sentence}>{words.rollCall.sentence(called.answering, called.reports)}</p>
      {called.stopped_schedules > 0 && (
        <p className={styles.rule}>
          {words.rollCall.stoppedSchedules(called.stopped_schedules)}{' '}
          <Link to="/$organization/schedules" params={{ organization }}>
            {words.rollCall.showSchedules}
          </Link>
        </p>
      )}
      {called.reports === 0 ? (
        <p className={styles.rule}>{words.rollCall.noReports}</p>
      ) : (
        <>
          <Rule organization={organization} days={called.answers_within_days} />
          <Strip organization={organization} rollCall={called} />
          <RollCallLists organization={organization} counts={called} />
          <Trend organization={organization} />
        </>
      )}
    </>
  );
}
