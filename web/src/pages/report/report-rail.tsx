import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type Report, useOwner } from '../../api/reports.ts';
import type { Run } from '../../api/runs.ts';
import { useVersions } from '../../api/versions.ts';
import { Button } from '../../parts/button.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { StateMark, standingOf } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { readerLocales } from '../../reader.ts';
import { words } from '../../words.ts';
import { ApiPanel } from './api-panel.tsx';
import styles from './report-page.module.css';
import { type Panel, panels, searchOf } from './report-search.ts';
import { RunValues, runBy } from './run-line.tsx';
import { SchedulePanel } from './schedule-panel.tsx';

// Who looks at a report seldom looks at what it was.
const VersionDialog = lazy(() => import('./version-dialog.tsx'));

type RailProps = {
  organization: string;
  report: Report;
  runs: readonly Run[];
  shown: Run | undefined;
  panel: Panel | undefined;
  onChoose: (panel: Panel | undefined) => void;
};

/** What there is to know about a report, in panels that are closed at first. */
export function ReportRail(props: RailProps) {
  const { panel, onChoose } = props;
  const contents: Record<Panel, () => ReactNode> = {
    runs: () => <RunsPanel {...props} />,
    schedule: () => <SchedulePanel organization={props.organization} report={props.report} />,
    history: () => <HistoryPanel {...props} />,
    details: () => <DetailsPanel {...props} />,
    api: () => <ApiPanel organization={props.organization} report={props.report} />,
  };
  return (
    <aside className={styles.rail}>
      <div className={styles.tabs}>
        {panels.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.tab}
            aria-pressed={panel === one}
            onClick={() => onChoose(panel === one ? undefined : one)}
          >
            {words.report.panels[one]}
          </button>
        ))}
      </div>
      {panel && <div className={styles.panel}>{contents[panel]()}</div>}
    </aside>
  );
}

function RunsPanel({ organization, report, runs, shown }: RailProps) {
  return (
    <ul className={styles.entries}>
      {runs.map((run) => (
        <li key={run.token}>
          <Link
            to="/$organization/reports/$report"
            params={{ organization, report: report.token }}
            search={searchOf(run, 'runs')}
            resetScroll={false}
            className={styles.entry}
            aria-current={run.token === shown?.token || undefined}
          >
            <StateMark standing={standingOf(run.state)} />
            <Time at={run.created_at} />
          </Link>
          <RunValues run={run} />
          <p className="faint">
            {runBy(run)}
            {run.completed_at && run.started_at && (
              <> · {took(Date.parse(run.completed_at) - Date.parse(run.started_at))}</>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

function HistoryPanel({ organization, report }: RailProps) {
  const versions = useVersions(organization, report.token);
  const [opened, setOpened] = useState<number>();
  return (
    <Loaded query={versions}>
      {(list) =>
        list.length === 0 ? (
          <p className="faint">{words.report.noHistory}</p>
        ) : (
          <>
            <ul className={styles.entries}>
              {list.map((version) => (
                <li key={version.number}>
                  <div className={styles.entry}>
                    <span>
                      {version.name !== null && <strong>{version.name} </strong>}
                      {version.summary}
                    </span>
                    <Time at={version.saved_at} />
                  </div>
                  <div className={styles.entry}>
                    <span className="faint">{version.editor_email}</span>
                    <Button
                      kind="bare"
                      aria-label={words.report.compareVersion(version.number)}
                      onClick={() => setOpened(version.number)}
                    >
                      {words.report.compare}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
            {opened !== undefined && (
              <Suspense>
                <VersionDialog
                  organization={organization}
                  report={report.token}
                  number={opened}
                  latest={list[0]?.number ?? opened}
                  onClose={() => setOpened(undefined)}
                />
              </Suspense>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function DetailsPanel({ organization, report }: RailProps) {
  const owner = useOwner(organization, report);
  return (
    <dl className={styles.pairs}>
      {owner && (
        <>
          <dt>{words.report.owner}</dt>
          <dd>{owner}</dd>
        </>
      )}
      <dt>{words.report.token}</dt>
      <dd className="figure">{report.token}</dd>
      <dt>{words.report.created}</dt>
      <dd>
        <Time at={report.created_at} />
      </dd>
      <dt>{words.report.edited}</dt>
      <dd>
        <Time at={report.edited_at} />
      </dd>
      <dt>{words.report.lastSuccess}</dt>
      <dd>
        <Time at={report.last_successfully_run_at} />
      </dd>
      <dt>{words.report.queries}</dt>
      <dd>{report.query_count}</dd>
      <dt>{words.report.charts}</dt>
      <dd>{report.chart_count}</dd>
    </dl>
  );
}

const seconds = new Intl.NumberFormat(readerLocales, { maximumFractionDigits: 1 });

/** How long something took, as people say it. */
function took(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${seconds.format(ms / 1000)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
