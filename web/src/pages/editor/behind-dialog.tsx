import { changesBetween, matched } from '../../../../src/reports/content/changes.ts';
import type { DraftContent, EditedContent, EditedQuery } from '../../api/edited-content.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { words } from '../../words.ts';
import { ChangeList } from './change-list.tsx';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

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
    <Dialog title={editorWords.behind} isOpen onClose={onClose}>
      <div className="stack">
        <p>{editorWords.behindHint}</p>
        <section>
          <h3>{editorWords.theyChanged}</h3>
          <ChangeList changes={changesBetween(base, theirs)} />
          <ChangedSql before={base} after={theirs} say={editorWords.theirSql} />
        </section>
        <section>
          <h3>{editorWords.youChanged}</h3>
          <ChangeList changes={changesBetween(base, mine)} />
          <ChangedSql before={base} after={mine} say={editorWords.yourSql} />
        </section>
        <div className={styles.choices}>
          <Button kind="main" onClick={onMerge}>
            {editorWords.merge}
          </Button>
          <p className="faint">{editorWords.mergeHint}</p>
          <Button onClick={onClose}>{editorWords.keepDraft}</Button>
          <Button kind="danger" onClick={onPlaceOver}>
            {editorWords.placeOver}
          </Button>
          <Button kind="danger" onClick={onTakeTheirs}>
            {editorWords.takeTheirs}
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
        <pre className={styles.message}>{query.raw_query ?? editorWords.noSql}</pre>
      </details>
    ));
}
