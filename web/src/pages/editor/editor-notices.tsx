import { useNavigate } from '@tanstack/react-router';
import { isStatus, told } from '../../api/client.ts';
import { useDrafters } from '../../api/content.ts';
import type { Editable } from '../../api/edited-content.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './editor.module.css';
import { editorWords } from './editor-words.ts';
import type { Edits } from './use-edits.ts';

/** What there is to know before one writes on. */
export function EditorNotices({
  editable,
  edits,
  onDiscard,
  onLook,
}: {
  editable: Editable;
  edits: Edits;
  onDiscard: () => void;
  onLook: () => void;
}) {
  const { theirs, elsewhere, restoredFrom, saving } = edits;
  const { organization, token, newIn } = editable;
  const navigate = useNavigate();
  const toPublished = async () => {
    await edits.leave();
    const params = { organization, report: token };
    await navigate({ to: '/$organization/reports/$report/edit', params, replace: true });
  };
  const isPublished = newIn !== undefined && saving.is === 'failed' && isStatus(saving.error, 409);
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
      {isPublished && (
        <Notice kind="alert" title={editorWords.publishedElsewhere}>
          <p>{editorWords.publishedElsewhereHint}</p>
          <Button kind="bare" onClick={toPublished}>
            {editorWords.toPublished}
          </Button>
        </Notice>
      )}
      {saving.is === 'failed' && !elsewhere && !isPublished && (
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
            {editorWords.continueEditing}
          </Button>
          <Button kind="bare" onClick={onDiscard}>
            {editorWords.discard}
          </Button>
        </Notice>
      )}
      {newIn === undefined && <OthersEdit organization={organization} report={token} />}
    </div>
  );
}

function OthersEdit({ organization, report }: { organization: string; report: string }) {
  const { data: others = [] } = useDrafters(organization, report);
  if (others.length === 0) return null;
  return (
    <Notice
      title={editorWords.othersEdit(
        others.map(({ member_email: email }) => email ?? editorWords.anotherMember),
      )}
    >
      {editorWords.othersEditHint}
    </Notice>
  );
}
