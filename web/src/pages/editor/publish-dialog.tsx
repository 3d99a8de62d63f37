import { type FormEvent, useState } from 'react';
import type { Change } from '../../../../src/reports/content/changes.ts';
import { ChangeList } from '../../compare/change-list.tsx';
import { SpaceChoice } from '../../manage/space-choice.tsx';
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
  newIn,
  organization,
  onPublish,
  onClose,
}: {
  organization: string;
  changes: readonly Change[];
  /** Whether it takes the place of what others have published. */
  isOver: boolean;
  /** Whether there is anything to run. */
  canRun: boolean;
  /** The space of a new report, null for the reader's own; undefined for a report that is published. */
  newIn: string | null | undefined;
  onPublish: (isRun: boolean, space: string | null | undefined) => Promise<void>;
  onClose: () => void;
}) {
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [space, setSpace] = useState(newIn);
  // That a new report gets a name is no news.
  const told = newIn === undefined ? changes : changes.filter(({ what }) => what !== 'report');
  const publish = async (isRun: boolean) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onPublish(isRun, space);
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
    <Dialog
      title={newIn === undefined ? editorWords.publishTitle : editorWords.publishNewTitle}
      isOpen
      onClose={onClose}
    >
      <form className="stack" onSubmit={submit}>
        {space !== undefined && (
          <SpaceChoice organization={organization} space={space} onChoose={setSpace} />
        )}
        {told.length > 0 && <ChangeList changes={told} />}
        {isOver && <p>{editorWords.overwrites}</p>}
        {failure !== undefined && <Failure error={failure} />}
        <div className="actions end">
          <Button onClick={onClose}>{words.cancel}</Button>
          {canRun && (
            <Button
              isBusy={isBusy}
              onClick={({ currentTarget: { form } }) =>
                form?.reportValidity() && void publish(false)
              }
            >
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
