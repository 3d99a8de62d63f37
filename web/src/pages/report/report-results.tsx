import { Link } from '@tanstack/react-router';
import { type Report, type ReportQuery, useReportQueries } from '../../api/reports.ts';
import { type QueryRun, type Run, usePreview, useQueryRuns } from '../../api/runs.ts';
import { Chart } from '../../charts/chart.tsx';
import { pictureOf } from '../../charts/picture.ts';
import { Loaded, Waiting } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ColumnNotes } from '../../results/column-notes.tsx';
import { ResultTable } from '../../results/result-table.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';
import { RunLine, RunValues } from './run-line.tsx';

/** The charts and tables of the run that is shown, and what is to know about one that the page waits for. */
export function ReportResults({
  organization,
  report,
  current,
  shown,
  isChosen,
}: {
  organization: string;
  report: Report;
  current: Run | undefined;
  shown: Run | undefined;
  /** Whether the address names the run. */
  isChosen: boolean;
}) {
  const queries = useReportQueries(organization, report.token);
  if (current === undefined && shown === undefined) {
    return <Notice title={words.report.neverRan}>{words.report.neverRanHint}</Notice>;
  }
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
          <RunLine label={words.report.resultsOf} run={shown}>
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

function RunResults({
  organization,
  report,
  run,
  queries,
}: {
  organization: string;
  report: string;
  run: Run;
  queries: readonly ReportQuery[];
}) {
  const queryRuns = useQueryRuns(organization, report, run);
  if (run.state === 'enqueued') return <Waiting />;
  return (
    <Loaded query={queryRuns}>
      {(list) =>
        list.map((queryRun) => (
          <section key={queryRun.token} className={styles.query}>
            {list.length > 1 && <h2>{queryRun.query_name ?? words.untitled}</h2>}
            {queryRun.state === 'succeeded' ? (
              <QueryResult
                organization={organization}
                report={report}
                run={run}
                queryRun={queryRun}
                query={queries.find((query) => query.token === queryRun.query_token)}
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

function QueryResult({
  organization,
  report,
  run,
  queryRun,
  query,
}: {
  organization: string;
  report: string;
  run: Run;
  queryRun: QueryRun;
  query: ReportQuery | undefined;
}) {
  const preview = usePreview(organization, report, run.token, queryRun);
  const charts = query?.charts ?? [];
  if (run.purge_completed_at !== null) return <p className="faint">{words.report.purged}</p>;
  return (
    <Loaded query={preview}>
      {({ columns, rows, row_count: count, limit }) => (
        <div className={styles.charts}>
          {charts.map((chart) => (
            <Chart
              key={chart.token}
              picture={pictureOf(chart)}
              title={chart.chart_title}
              columns={columns}
              rows={rows}
            />
          ))}
          {charts.length === 0 && (
            <ResultTable
              columns={columns}
              rows={rows}
              label={words.resultOf(queryRun.query_name ?? words.untitled)}
            />
          )}
          <ColumnNotes columns={columns} />
          {count > rows.length && (
            <p className={styles.note}>{words.report.firstRows(rows.length, count)}</p>
          )}
          {limit && <p className={styles.note}>{words.report.truncated}</p>}
        </div>
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
