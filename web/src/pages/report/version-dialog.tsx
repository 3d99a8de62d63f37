import { restoreVersion, useVersion } from '../../api/versions.ts';
import { compareWords } from '../../compare/compare-words.ts';
import { ContentDifference } from '../../compare/content-difference.tsx';
import { attempt } from '../../parts/attempt.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Time } from '../../parts/time.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';

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
      title={compareWords.version(number)}
      isOpen
      isWide
      submit={number === latest ? undefined : compareWords.restore}
      onClose={onClose}
      onSubmit={restore}
    >
      <Loaded query={version}>
        {({ saved_at: savedAt, editor_email: email, summary, content }) => (
          <>
            <p>
              {summary} <span className="faint">{email}</span> <Time at={savedAt} />
            </p>
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
          </>
        )}
      </Loaded>
    </FormDialog>
  );
}
