import { changesBetween, matched } from '../../../../src/reports/content/changes.ts';
import type { DraftContent, EditedContent, EditedQuery } from '../../api/edited-content.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { words } from '../../words.ts';
import { ChangeList } from './change-list.tsx';
import styles from './editor.module.css';

/** Others have published since one began: what they changed, and what is to become of both. */
export function BehindDialog({
  mine,
  theirs,
  onMerge,
  onTakeTheirs,
  onPlaceOver,
  onClose,
}: {
  mine: DraftContent;
  theirs: EditedContent;
  onMerge: () => void;
  onTakeTheirs: () => void;
  onPlaceOver: () => void;
  onClose: () => void;
}) {
  const { content: base } = mine.base;
  return (
    <Dialog title={words.editor.behind} isOpen onClose={onClose}>
      <div className="stack">
        <p>{words.editor.behindHint}</p>
        <section>
          <h3>{words.editor.theyChanged}</h3>
          <ChangeList changes={changesBetween(base, theirs)} />
          <ChangedSql before={base} after={theirs} say={words.editor.theirSql} />
        </section>
        <section>
          <h3>{words.editor.youChanged}</h3>
          <ChangeList changes={changesBetween(base, mine)} />
          <ChangedSql before={base} after={mine} say={words.editor.yourSql} />
        </section>
        <div className={styles.choices}>
          <Button kind="main" onClick={onMerge}>
            {words.editor.merge}
          </Button>
          <p className="faint">{words.editor.mergeHint}</p>
          <Button onClick={onClose}>{words.editor.keepDraft}</Button>
          <Button kind="danger" onClick={onPlaceOver}>
            {words.editor.placeOver}
          </Button>
          <Button kind="danger" onClick={onTakeTheirs}>
            {words.editor.takeTheirs}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function ChangedSql({
  before,
  after,
  say,
}: {
  before: EditedContent;
  after: EditedContent;
  say: (name: string) => string;
}) {
  const isChanged = ([was, is]: [EditedQuery | undefined, EditedQuery]) =>
    was?.raw_query !== is.raw_query;
  return matched(before.queries, after.queries)
    .pairs.filter(isChanged)
    .map(([, query]) => (
      <details key={query.key} className={styles.changedSql}>
        <summary>{say(query.name ?? words.untitled)}</summary>
        <pre className={styles.message}>{query.raw_query ?? words.editor.noSql}</pre>
      </details>
    ));
}
