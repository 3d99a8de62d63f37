import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { countView, type Report, useHasDraft, useOwner, useReport } from '../../api/reports.ts';
import {
  type FormField,
  type Run,
  startRun,
  useForm,
  useNewRuns,
  type Values,
} from '../../api/runs.ts';
import { type Space, spaceLabel, useSpace } from '../../api/spaces.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Notice } from '../../parts/notice.tsx';
import { usePageTitle } from '../../parts/page-title.ts';
import { SeenBy, sayWhoSees } from '../../parts/seen-by.tsx';
import { StateMark, standingOf } from '../../parts/state-mark.tsx';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import { ReportActions } from './report-actions.tsx';
import styles from './report-page.module.css';
import { ReportRail } from './report-rail.tsx';
import { ReportResults } from './report-results.tsx';
import { type Panel, searchOf, valuesIn } from './report-search.ts';
import { ReportTitle } from './report-title.tsx';
import { RunForm } from './run-form.tsx';
import { hasValues, valuesOf } from './run-values.ts';
import { StoppedSchedules } from './stopped-schedules.tsx';
import { useRunOnPage } from './use-run-on-page.ts';

export function ReportPage() {
  const { organization, report: token } = useParams({ from: '/$organization/reports/$report' });
  const report = useReport(organization, token);
  usePageTitle(report.data && (report.data.name ?? words.untitled));
  useEffect(() => {
    // A view that is not counted is nothing to bother a reader with.
    countView(organization, token).catch(() => {});
  }, [organization, token]);
  return (
    <main className="page wide">
      <Loaded query={report}>
        {(data) => <OpenReport key={data.token} organization={organization} report={data} />}
      </Loaded>
    </main>
  );
}

function OpenReport({ organization, report }: { organization: string; report: Report }) {
  const search = useSearch({ from: '/$organization/reports/$report' });
  const navigate = useNavigate({ from: '/$organization/reports/$report' });
  const { token } = report;
  const { runs, current, shown, isGone } = useRunOnPage(organization, token, search.run);
  useNewRuns(organization, token, runs);
  const { data: form, isPending: isFormPending, refetch: readForm } = useForm(organization, token);
  const fields = form ?? shown?.form_fields ?? noFields;

  // What was edited belongs to the address at which it was: another run on the page has its own values.
  const given = valuesIn(search);
  const place = JSON.stringify([search.run, given]);
  const [edited, setEdited] = useState<{ at: string; values: Values }>({ at: place, values: {} });
  const edits = edited.at === place ? edited.values : {};
  const values = valuesOf(fields, edits, given, current?.parameters);
  const isRun = hasValues(current, fields, values);
  const [failed, setFailed] = useState<{ at: string; error: unknown }>();
  const [isStarting, setStarting] = useState(false);
  const [isRenamed, setRenamed] = useState(false);
  const { data: space } = useSpace(organization, report.space_token ?? undefined);

  const run = async () => {
    setStarting(true);
    setFailed(undefined);
    try {
      // Another member may have published other parameters since the form was read.
      const { data: now = fields } = await readForm();
      const started = await startRun(organization, token, {
        ...(shown && withoutField(shown)),
        ...valuesOf(now, edits, given, current?.parameters),
      });
      setEdited({ at: place, values: {} });
      // What the report shows by default needs no address of its own.
      await navigate({
        search: ({ panel }) => (started.is_default_run ? { panel } : searchOf(started, panel)),
        resetScroll: false,
      });
    } catch (error) {
      setFailed({ at: place, error });
    } finally {
      setStarting(false);
    }
  };
  const choosePanel = (next: Panel | undefined) =>
    navigate({ search: (now) => ({ ...now, panel: next }), replace: true, resetScroll: false });

  return (
    <div className={styles.columns}>
      <div className={report.query_count > 0 ? `${styles.sheet} ${styles.long}` : styles.sheet}>
        <header className="page-head">
          <ReportTitle
            key={String(isRenamed)}
            organization={organization}
            report={report}
            isRenamed={isRenamed}
            onEnd={() => setRenamed(false)}
          />
          <ReportActions
            organization={organization}
            report={report}
            space={space}
            current={current}
            shown={shown}
            isStarting={isStarting}
            onRename={() => setRenamed(true)}
          />
        </header>
        <Facts organization={organization} report={report} space={space} current={current} />
        {report.description && <p className={styles.lead}>{report.description}</p>}
        {report.archived && (
          <Notice title={words.report.archived}>
            {report.archived_reason === null
              ? words.report.archivedHint
              : words.report.missingAtSourceHint}
          </Notice>
        )}
        {!report.archived && (
          <StoppedSchedules
            organization={organization}
            report={token}
            onShow={() => choosePanel('schedule')}
          />
        )}
        {!report.archived && (
          <RunForm
            fields={fields}
            values={values}
            shown={shown}
            isRun={isRun}
            failure={failed?.at === place ? failed.error : undefined}
            onChange={(name, value) =>
              setEdited({ at: place, values: { ...edits, [name]: value } })
            }
            onReset={() => {
              setEdited({ at: place, values: {} });
              void navigate({
                search: ({ panel }) => (search.run && shown ? searchOf(shown, panel) : { panel }),
                replace: true,
                resetScroll: false,
              });
            }}
            onRun={run}
          />
        )}
        {/* What follows the form waits for it, to stay where it is. */}
        {isGone && <Notice title={words.report.runGone}>{words.report.runGoneHint}</Notice>}
        {runs && !isFormPending && (
          <ReportResults
            organization={organization}
            report={report}
            runs={runs}
            current={current}
            shown={shown}
            isChosen={search.run !== undefined}
          />
        )}
      </div>
      <ReportRail
        organization={organization}
        report={report}
        runs={runs ?? []}
        shown={shown}
        panel={search.panel}
        onChoose={choosePanel}
      />
    </div>
  );
}

const noFields: FormField[] = [];

/** What a run was given that its form has no field for; the next one needs it, too. */
function withoutField({ parameters, form_fields: fields }: Run): Values {
  const inForm = new Set(fields.map(({ name }) => name));
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !inForm.has(name)));
}

/** One line of what there is to know about it. */
function Facts({
  organization,
  report,
  space,
  current,
}: {
  organization: string;
  report: Report;
  space: Space | undefined;
  current: Run | undefined;
}) {
  const owner = useOwner(organization, report);
  const hasDraft = useHasDraft(organization, report.token);
  return (
    <p className={`facts ${styles.facts}`}>
      <StateMark standing={standingOf(current?.state)} />
      {space && (
        <Link to="/$organization" params={{ organization }} search={{ space: space.token }}>
          {spaceLabel(space)}
        </Link>
      )}
      {space && (
        <span>
          <SeenBy isPersonal={space.isPersonal} isOwn={space.isOwn} /> {sayWhoSees(space)}
        </span>
      )}
      {owner && (
        <span>
          {words.report.owner} {owner}
        </span>
      )}
      <span>
        {words.report.lastRun}{' '}
        <Time at={current?.started_at ?? current?.created_at ?? report.last_run_at} />
      </span>
      <span>
        {words.report.edited} <Time at={report.edited_at} />
      </span>
      {report.schedules_count > 0 && <span>{words.report.scheduled(report.schedules_count)}</span>}
      {report.view_count !== null && <span>{words.report.views(report.view_count)}</span>}
      {hasDraft && (
        <Link
          to="/$organization/reports/$report/edit"
          params={{ organization, report: report.token }}
        >
          {words.report.hasDraft}
        </Link>
      )}
    </p>
  );
}
