import { useState } from 'react';
import { useRun } from '../../api/runs.ts';
import { nameVersion, restoreVersion, useVersion } from '../../api/versions.ts';
import { compareWords } from '../../compare/compare-words.ts';
import { ContentDifference } from '../../compare/content-difference.tsx';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';
import { RunResults } from './report-results.tsx';
import { RunLine } from './run-line.tsx';

/** A version of a report beside the report as it is now, and the way back to it. */
export default function VersionDialog({
  organization,
  report,
  number,
  latest,
  onClose,
}: {
  organization: string;
  report: string;
  number: number;
  /** The number of the last version, which is the report as it is now. */
  latest: number;
  onClose: () => void;
}) {
  const version = useVersion(organization, report, number);
  const before = useVersion(organization, report, number - 1);
  const now = useVersion(organization, report, latest);
  const restore = async () => {
    await restoreVersion(organization, report, number);
    const takeBack = () =>
      void attempt(async () => {
        await restoreVersion(organization, report, latest);
        say(compareWords.restored(latest));
      });
    say(compareWords.restored(number), { label: words.undo, act: takeBack });
  };
  return (
    <FormDialog
      title={compareWords.version(number, version.data?.name ?? null)}
      isOpen
      isWide
      submit={number === latest ? undefined : compareWords.restore}
      onClose={onClose}
      onSubmit={restore}
    >
      <Loaded query={version}>
        {({ saved_at: savedAt, editor_email: email, summary, content, name, run }) => (
          <>
            <p>
              {summary} <span className="faint">{email}</span> <Time at={savedAt} />
            </p>
            <VersionName key={name} {...{ organization, report, number }} given={name} />
            {before.data && (
              <section>
                <h3>{compareWords.changedHere}</h3>
                <ContentDifference before={before.data.content} after={content} />
              </section>
            )}
            {number === latest ? (
              <p className="faint">{compareWords.latest}</p>
            ) : (
              now.data && (
                <section>
                  <h3>{compareWords.bringsBack}</h3>
                  <ContentDifference before={now.data.content} after={content} />
                </section>
              )
            )}
            <section>
              <h3>{compareWords.results}</h3>
              {run === undefined ? (
                <p className="faint">{compareWords.noResults}</p>
              ) : (
                <Results organization={organization} report={report} run={run} />
              )}
            </section>
          </>
        )}
      </Loaded>
    </FormDialog>
  );
}

/** What the version is called, to be changed in place. */
function VersionName({
  organization,
  report,
  number,
  given,
}: {
  organization: string;
  report: string;
  number: number;
  given: string | null;
}) {
  const [name, setName] = useState(given ?? '');
  const [isBusy, setBusy] = useState(false);
  const next = name.trim() || null;
  const save = async () => {
    setBusy(true);
    await attempt(async () => {
      await nameVersion(organization, report, number, next);
      say(next === null ? compareWords.unnamed : compareWords.named);
    });
    setBusy(false);
  };
  return (
    <div className={styles.versionName}>
      <TextField
        label={compareWords.name}
        maxLength={255}
        value={name}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // It is the name that is meant, not the way back to the version.
          event.preventDefault();
          if (next !== given) void save();
        }}
      />
      <Button disabled={next === given} isBusy={isBusy} onClick={save}>
        {compareWords.saveName}
      </Button>
    </div>
  );
}

/** What a run of the version returned, as its charts were then. */
function Results({
  organization,
  report,
  run: token,
}: {
  organization: string;
  report: string;
  run: string;
}) {
  const [isShown, setShown] = useState(false);
  const run = useRun(organization, report, isShown ? token : undefined);
  if (!isShown) return <Button onClick={() => setShown(true)}>{compareWords.showResults}</Button>;
  return (
    <Loaded query={run}>
      {(data) =>
        data === null ? (
          <p className="faint">{compareWords.noResults}</p>
        ) : (
          <>
            <RunLine label={words.report.resultsOf} run={data} />
            <RunResults
              organization={organization}
              report={report}
              run={data}
              queries={[]}
              isCurrent={false}
            />
          </>
        )
      }
    </Loaded>
  );
}
