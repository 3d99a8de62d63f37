import { told } from '../../api/client.ts';
import { useDrafters } from '../../api/content.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import type { Edits } from './use-edits.ts';

/** What there is to know before one writes on. */
export function EditorNotices({
  organization,
  report,
  edits,
  onDiscard,
  onLook,
}: {
  organization: string;
  report: string;
  edits: Edits;
  onDiscard: () => void;
  onLook: () => void;
}) {
  const { data: others = [] } = useDrafters(organization, report);
  const { theirs, elsewhere, restoredFrom, saving } = edits;
  return (
    <div className={styles.notices}>
      {theirs && (
        <Notice kind="alert" title={editorWords.behind}>
          <p>{editorWords.behindHint}</p>
          <Button kind="bare" onClick={onLook}>
            {editorWords.look}
          </Button>
        </Notice>
      )}
      {elsewhere && (
        <Notice kind="alert" title={editorWords.elsewhere}>
          <p>
            {editorWords.elsewhereHint} {elsewhere.kept && <Time at={elsewhere.kept.savedAt} />}
          </p>
          <Button kind="bare" onClick={edits.keepHere}>
            {editorWords.keepHere}
          </Button>
          <Button kind="bare" onClick={edits.takeElsewhere}>
            {editorWords.takeElsewhere}
          </Button>
        </Notice>
      )}
      {saving.is === 'failed' && !elsewhere && (
        <Notice kind="alert" title={editorWords.saveFailed}>
          {told(saving.error).message}
        </Notice>
      )}
      {restoredFrom !== undefined && (
        <Notice title={editorWords.restored}>
          <p>
            {editorWords.restoredHint} <Time at={restoredFrom} />.
          </p>
          <Button kind="bare" onClick={edits.dismissRestored}>
            {editorWords.goOn}
          </Button>
          <Button kind="bare" onClick={onDiscard}>
            {editorWords.discard}
          </Button>
        </Notice>
      )}
      {others.length > 0 && (
        <Notice
          title={editorWords.othersEdit(
            others.map(({ member_email: email }) => email ?? editorWords.somebody),
          )}
        >
          {editorWords.othersEditHint}
        </Notice>
      )}
    </div>
  );
}
