import { Link } from '@tanstack/react-router';
import type { ChartSpec } from '../../../../src/charts/chart-spec.ts';
import type { Total } from '../../../../src/charts/picture.ts';
import { pivotCells, usePicture, useRunCharts } from '../../api/pictures.ts';
import {
  type Report,
  type ReportChart,
  type ReportQuery,
  useReportQueries,
} from '../../api/reports.ts';
import { type QueryRun, type Run, usePreview, useQueryRuns } from '../../api/runs.ts';
import { Chart } from '../../charts/chart.tsx';
import { Loaded, Waiting } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ColumnNotes } from '../../results/column-notes.tsx';
import { words } from '../../words.ts';
import { DownloadMenu } from './downloads.tsx';
import styles from './report-page.module.css';
import { ResultRows } from './result-rows.tsx';
import { RunLine, RunValues } from './run-line.tsx';

/** The charts and tables of the run that is shown, and what is to know about one that the page waits for. */
export function ReportResults({
  organization,
  report,
  runs,
  current,
  shown,
  isChosen,
}: {
  organization: string;
  report: Report;
  runs: readonly Run[];
  current: Run | undefined;
  shown: Run | undefined;
  /** Whether the address names the run. */
  isChosen: boolean;
}) {
  const queries = useReportQueries(organization, report.token);
  if (current === undefined && shown === undefined) {
    return report.query_count === 0 ? (
      <Notice title={words.report.noQueries}>{words.report.noQueriesHint}</Notice>
    ) : (
      <Notice title={words.report.neverRan}>{words.report.neverRanHint}</Notice>
    );
  }
  // An older run that was selected keeps the charts that it was started with.
  const newest = runs.find(({ state }) => state === 'succeeded');
  return (
    <>
      {current?.state === 'enqueued' && (
        <Notice title={words.report.running}>
          <RunValues run={current} />{' '}
          {current.query_count > 1 &&
            words.report.progress(current.completed_query_count, current.query_count)}
        </Notice>
      )}
      {current?.state === 'failed' && current.token !== shown?.token && (
        <>
          <RunLine label={words.report.failedAt} run={current} />
          <FailedRun organization={organization} report={report.token} run={current} />
        </>
      )}
      {shown && (
        <>
          <RunLine
            label={shown.state === 'failed' ? words.report.failedAt : words.report.resultsOf}
            run={shown}
          >
            {isChosen && (
              <Link
                to="/$organization/reports/$report"
                params={{ organization, report: report.token }}
                search={({ panel }) => ({ panel })}
                resetScroll={false}
              >
                {words.report.showDefault}
              </Link>
            )}
          </RunLine>
          <Loaded query={queries}>
            {(list) => (
              <RunResults
                organization={organization}
                report={report.token}
                run={shown}
                queries={list}
                isCurrent={!isChosen || newest?.token === shown.token}
              />
            )}
          </Loaded>
        </>
      )}
    </>
  );
}

function FailedRun({
  organization,
  report,
  run,
}: {
  organization: string;
  report: string;
  run: Run;
}) {
  const { data = [] } = useQueryRuns(organization, report, run);
  const failed = data.filter((queryRun) => queryRun.state === 'failed');
  return failed.map((queryRun) => <QueryFailure key={queryRun.token} queryRun={queryRun} />);
}

/** What the queries of a run returned. */
export function RunResults({
  organization,
  report,
  run,
  queries,
  isCurrent,
}: {
  organization: string;
  report: string;
  run: Run;
  queries: readonly ReportQuery[];
  /** Whether it is shown by the charts of today, and not by those that it was started with. */
  isCurrent: boolean;
}) {
  const queryRuns = useQueryRuns(organization, report, run);
  const runCharts = useRunCharts(organization, report, run, !isCurrent);
  if (run.state === 'enqueued') return <Waiting />;
  if (!isCurrent && runCharts.data === undefined) {
    return <Loaded query={runCharts}>{() => null}</Loaded>;
  }
  const chartsOf = (query: string) =>
    isCurrent
      ? (queries.find(({ token }) => token === query)?.charts ?? [])
      : (runCharts.data ?? []).filter((chart) => chart.query_token === query);
  return (
    <Loaded query={queryRuns}>
      {(list) =>
        list.map((queryRun) => (
          <section key={queryRun.token} className={styles.query}>
            {list.length > 1 && (
              <div className={styles.queryHead}>
                <h2>{queryRun.query_name ?? words.untitled}</h2>
                {queryRun.state === 'succeeded' && run.purge_completed_at === null && (
                  <DownloadMenu
                    organization={organization}
                    report={report}
                    run={run}
                    queryRun={queryRun}
                  />
                )}
              </div>
            )}
            {queryRun.state === 'succeeded' ? (
              <QueryResult
                organization={organization}
                report={report}
                run={run}
                queryRun={queryRun}
                charts={chartsOf(queryRun.query_token)}
                isCurrent={isCurrent}
              />
            ) : (
              <QueryFailure queryRun={queryRun} />
            )}
          </section>
        ))
      }
    </Loaded>
  );
}

type Shown = { organization: string; report: string; run: Run; queryRun: QueryRun };

function QueryResult({
  charts,
  isCurrent,
  ...of
}: Shown & { charts: readonly ReportChart[]; isCurrent: boolean }) {
  const { organization, report, run, queryRun } = of;
  const preview = usePreview(organization, report, run.token, queryRun);
  if (run.purge_completed_at !== null) return <p className="faint">{words.report.purged}</p>;
  return (
    <div className={styles.charts}>
      {charts.map((chart) => (
        <RunChart
          key={chart.token}
          organization={organization}
          report={report}
          run={run}
          queryRun={queryRun}
          chart={chart}
          isCurrent={isCurrent}
        />
      ))}
      {charts.length === 0 && <Rows {...of} title={queryRun.query_name ?? words.untitled} />}
      {preview.data && <ColumnNotes columns={preview.data.columns} />}
    </div>
  );
}

function RunChart({ chart, isCurrent, ...of }: Shown & { chart: ReportChart; isCurrent: boolean }) {
  const picture = usePicture(of.organization, of.report, of.run.token, chart, isCurrent);
  return (
    <Chart
      chart={chart}
      picture={picture}
      cells={pivotCells(of.organization, of.report, of.run.token, chart, isCurrent)}
      rows={
        <Rows
          {...of}
          title={chart.chart_title ?? words.untitled}
          spec={chart.spec}
          totals={picture.data?.kind === 'rows' ? picture.data.totals : undefined}
        />
      }
    />
  );
}

/** The rows of a result as they are. */
function Rows({
  organization,
  report,
  run,
  queryRun,
  title,
  spec,
  totals,
}: Shown & {
  title: string;
  totals?: readonly Total[] | undefined;
  /** Of a chart, which says itself where the result was truncated. */
  spec?: ChartSpec | null;
}) {
  const preview = usePreview(organization, report, run.token, queryRun);
  return (
    <Loaded query={preview}>
      {(data) => (
        <>
          {data.rows.length === 0 && <p className="faint">{words.noRows}</p>}
          {data.rows.length > 0 && (
            <ResultRows
              of={{ organization, report, run: run.token, queryRun: queryRun.token }}
              preview={data}
              label={words.resultOf(title)}
              only={spec?.columns}
              formats={spec?.formats}
              totals={totals}
            />
          )}
          {data.limit && spec === undefined && (
            <p className={styles.note}>{words.report.truncated}</p>
          )}
        </>
      )}
    </Loaded>
  );
}

/** What the engine says is wrong, and where in the SQL. */
function QueryFailure({ queryRun }: { queryRun: QueryRun }) {
  const { error_message: message, error_line: line, state } = queryRun;
  if (state === 'cancelled') return <Notice title={words.report.cancelled} />;
  return (
    <Notice kind="alert" title={words.report.queryFailed(queryRun.query_name ?? words.untitled)}>
      <p>{message}</p>
      <pre className={styles.sql}>
        {queryRun.raw_source.split('\n').map((text, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and never move.
          <div key={index}>{index + 1 === line ? <mark>{text}</mark> : text || ' '}</div>
        ))}
      </pre>
    </Notice>
  );
}
