import { told } from '../../api/client.ts';
import { useDrafters } from '../../api/content.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Time } from '../../parts/time.tsx';
import { words } from '../../words.ts';
import styles from './editor.module.css';
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
  const { theirs, restoredFrom, saving } = edits;
  return (
    <div className={styles.notices}>
      {theirs && (
        <Notice kind="alert" title={words.editor.behind}>
          <p>{words.editor.behindHint}</p>
          <Button kind="bare" onClick={onLook}>
            {words.editor.look}
          </Button>
        </Notice>
      )}
      {saving.is === 'failed' && (
        <Notice kind="alert" title={words.editor.saveFailed}>
          {told(saving.error).message}
        </Notice>
      )}
      {restoredFrom !== undefined && (
        <Notice title={words.editor.restored}>
          <p>
            {words.editor.restoredHint} <Time at={restoredFrom} />.
          </p>
          <Button kind="bare" onClick={edits.dismissRestored}>
            {words.editor.goOn}
          </Button>
          <Button kind="bare" onClick={onDiscard}>
            {words.editor.discard}
          </Button>
        </Notice>
      )}
      {others.length > 0 && (
        <Notice
          title={words.editor.othersEdit(
            others.map(({ member_email: email }) => email ?? words.editor.somebody),
          )}
        >
          {words.editor.othersEditHint}
        </Notice>
      )}
    </div>
  );
}
