import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { countView, type Report, useReport } from '../../api/reports.ts';
import { type Run, useRuns } from '../../api/runs.ts';
import { spaceLabel, useSpace } from '../../api/spaces.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PersonalMark } from '../../parts/personal-mark.tsx';
import { StateMark, standingOf } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import { ReportActions } from './report-actions.tsx';
import styles from './report-page.module.css';
import { ReportRail } from './report-rail.tsx';
import { ReportResults } from './report-results.tsx';
import type { Panel } from './report-search.ts';
import { RunForm } from './run-form.tsx';

export function ReportPage() {
  const { organization, report: token } = useParams({ from: '/$organization/reports/$report' });
  const report = useReport(organization, token);
  useEffect(() => {
    // A view that is not counted is nothing to bother a reader with.
    countView(organization, token).catch(() => {});
  }, [organization, token]);
  return (
    <main className="page wide">
      <Loaded query={report}>
        {(data) => <OpenReport organization={organization} report={data} />}
      </Loaded>
    </main>
  );
}

function OpenReport({ organization, report }: { organization: string; report: Report }) {
  const { run: chosen, panel } = useSearch({ from: '/$organization/reports/$report' });
  const navigate = useNavigate({ from: '/$organization/reports/$report' });
  const { data: runs } = useRuns(organization, report.token);
  const latest = runs?.[0];
  const shown = shownRun(runs, chosen);
  const choosePanel = (next: Panel | undefined) =>
    navigate({ search: (now) => ({ ...now, panel: next }), replace: true });

  return (
    <div className={styles.columns}>
      <div className={styles.sheet}>
        <header className="page-head">
          <h1>{report.name ?? words.untitled}</h1>
          <ReportActions
            organization={organization}
            report={report}
            latest={latest}
            shown={shown}
          />
        </header>
        <Facts organization={organization} report={report} latest={latest} />
        {report.description && <p className={styles.lead}>{report.description}</p>}
        {report.archived && (
          <Notice title={words.report.archived}>
            {report.archived_reason === null
              ? words.report.archivedHint
              : words.report.missingAtSourceHint}
          </Notice>
        )}
        {!report.archived && latest && latest.form_fields.length > 0 && (
          <RunForm organization={organization} report={report.token} run={shown ?? latest} />
        )}
        {runs && (
          <ReportResults organization={organization} report={report} runs={runs} shown={shown} />
        )}
      </div>
      <ReportRail
        organization={organization}
        report={report}
        runs={runs ?? []}
        shown={shown}
        panel={panel}
        onChoose={choosePanel}
      />
    </div>
  );
}

/** The run that the address names; else the last that succeeded, whose results are there to be read. */
function shownRun(runs: readonly Run[] | undefined, chosen: string | undefined): Run | undefined {
  if (chosen !== undefined) return runs?.find((run) => run.token === chosen);
  return (
    runs?.find((run) => run.state === 'succeeded') ?? runs?.find((run) => run.state === 'failed')
  );
}

/** One line of what there is to know about it. */
function Facts({
  organization,
  report,
  latest,
}: {
  organization: string;
  report: Report;
  latest: Run | undefined;
}) {
  const { data: space } = useSpace(organization, report.space_token ?? undefined);
  return (
    <p className="facts">
      <StateMark standing={standingOf(latest?.state)} />
      {space && (
        <Link to="/$organization" params={{ organization }} search={{ space: space.token }}>
          {spaceLabel(space)} {space.isPersonal && <PersonalMark />}
        </Link>
      )}
      <span>
        {words.report.lastRun} <Time at={report.last_run_at} />
      </span>
      <span>
        {words.report.edited} <Time at={report.edited_at} />
      </span>
      {report.schedules_count > 0 && <span>{words.report.scheduled(report.schedules_count)}</span>}
      {report.view_count !== null && <span>{words.report.views(report.view_count)}</span>}
    </p>
  );
}
