import { type FormEvent, useEffect, useState } from 'react';
import { useIsFavorite } from '../../api/favorites.ts';
import { type Report, renameReport } from '../../api/reports.ts';
import { manageWords as texts } from '../../manage/manage-words.ts';
import { attempt } from '../../parts/attempt.ts';
import { Button } from '../../parts/button.tsx';
import { FavoriteStar } from '../../parts/favorite-star.tsx';
import { findOpener, returnFocus } from '../../parts/opener.ts';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import styles from './report-page.module.css';

/** What the report is called; while it is renamed, a field in its place. */
export function ReportTitle({
  organization,
  report,
  isRenamed,
  onEnd,
}: {
  organization: string;
  report: Report;
  isRenamed: boolean;
  onEnd: () => void;
}) {
  const isFavorite = useIsFavorite(organization, report.token);
  if (isRenamed) return <NewName organization={organization} report={report} onEnd={onEnd} />;
  return (
    <div className={styles.title}>
      <h1>{report.name ?? words.untitled}</h1>
      {/* Its room is kept while it is not known. */}
      <span className={styles.star}>
        {isFavorite !== undefined && (
          <FavoriteStar organization={organization} report={report} isFavorite={isFavorite} />
        )}
      </span>
    </div>
  );
}

function NewName({
  organization,
  report,
  onEnd,
}: {
  organization: string;
  report: Report;
  onEnd: () => void;
}) {
  const [name, setName] = useState(report.name ?? '');
  const [isBusy, setBusy] = useState(false);
  const [opener] = useState(findOpener);
  useEffect(() => () => void setTimeout(() => returnFocus(opener)), [opener]);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await attempt(async () => {
      await renameReport(organization, report.token, name.trim());
      say(texts.renamed);
      onEnd();
    });
    setBusy(false);
  };
  return (
    <form className={styles.rename} onSubmit={save}>
      <input
        aria-label={texts.name}
        required
        maxLength={255}
        value={name}
        // biome-ignore lint/a11y/noAutofocus: who chose to rename goes on here.
        autoFocus
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && onEnd()}
      />
      <Button kind="main" type="submit" isBusy={isBusy}>
        {words.save}
      </Button>
      <Button onClick={onEnd}>{words.cancel}</Button>
    </form>
  );
}
