import type { DraftContent, EditedContent } from '../../api/edited-content.ts';
import { ContentDifference } from '../../compare/content-difference.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';

/** Others have published since one began: what they changed, and what is to become of both. */
export default function BehindDialog({
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
    <Dialog title={editorWords.behind} isOpen isWide onClose={onClose}>
      <div className="stack">
        <p>{editorWords.behindHint}</p>
        <section>
          <h3>{editorWords.theyChanged}</h3>
          <ContentDifference before={base} after={theirs} />
        </section>
        <section>
          <h3>{editorWords.youChanged}</h3>
          <ContentDifference before={base} after={mine} />
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
