import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { words } from '../words.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Failure } from './notice.tsx';

/** A dialog with a form: it closes when what was asked for is done, and says what stood in the way where it is not. */
export function FormDialog({
  title,
  isOpen,
  isWide,
  onClose,
  onSubmit,
  submit,
  kind = 'main',
  children,
}: {
  title: string;
  isOpen: boolean;
  isWide?: boolean;
  onClose: () => void;
  onSubmit: () => Promise<void>;
  /** What the button says; absent where there is nothing to be done. */
  submit: string | undefined;
  kind?: 'main' | 'danger';
  children: ReactNode;
}) {
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (isOpen) setFailure(undefined);
  }, [isOpen]);

  const act = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(undefined);
    try {
      await onSubmit();
      onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog title={title} isOpen={isOpen} isWide={isWide} onClose={onClose}>
      <form className="stack" onSubmit={act}>
        {children}
        {failure !== undefined && <Failure error={failure} />}
        <div className="actions end">
          <Button onClick={onClose}>{submit === undefined ? words.close : words.cancel}</Button>
          {submit !== undefined && (
            <Button kind={kind} type="submit" isBusy={isBusy}>
              {submit}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
