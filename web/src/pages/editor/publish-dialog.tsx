import { type FormEvent, useState } from 'react';
import type { Change } from '../../../../src/reports/content/changes.ts';
import { ChangeList } from '../../compare/change-list.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Failure } from '../../parts/notice.tsx';
import { words } from '../../words.ts';
import { editorWords } from './editor-words.ts';

/** Says what publishing changes, and does it. */
export default function PublishDialog({
  changes,
  isOver,
  canRun,
  onPublish,
  onClose,
}: {
  changes: readonly Change[];
  /** Whether it takes the place of what others have published. */
  isOver: boolean;
  /** Whether there is anything to run. */
  canRun: boolean;
  onPublish: (isRun: boolean) => Promise<void>;
  onClose: () => void;
}) {
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const publish = async (isRun: boolean) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onPublish(isRun);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void publish(canRun);
  };
  return (
    <Dialog title={editorWords.publishTitle} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <ChangeList changes={changes} />
        {isOver && <p>{editorWords.overwrites}</p>}
        {failure !== undefined && <Failure error={failure} />}
        <div className="actions end">
          <Button onClick={onClose}>{words.cancel}</Button>
          {canRun && (
            <Button isBusy={isBusy} onClick={() => void publish(false)}>
              {editorWords.publish}
            </Button>
          )}
          <Button kind="main" type="submit" isBusy={isBusy}>
            {canRun ? editorWords.publishAndRun : editorWords.publish}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
