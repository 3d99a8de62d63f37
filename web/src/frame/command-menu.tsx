import { lazy, Suspense, useEffect } from 'react';
import { isWriting } from '../parts/is-writing.ts';
import type { FrameDialog } from './use-commands.ts';

// Only what is opened is loaded.
const CommandPalette = lazy(() => import('./command-palette.tsx'));
const KeysDialog = lazy(() => import('./keys-dialog.tsx'));
const NewReportDialog = lazy(() => import('../manage/new-report-dialog.tsx'));
const SpaceDialog = lazy(() => import('../parts/space-dialog.tsx'));

/** Ctrl-K reaches every place and action by a few letters, `?` shows the keys. */
export function CommandMenu({
  organization,
  open,
  onOpen,
}: {
  organization: string;
  open: FrameDialog | undefined;
  onOpen: (dialog: FrameDialog | undefined) => void;
}) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
      if (event.defaultPrevented) return;
      const isCommand = (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === 'k';
      if (!isCommand && (key !== '?' || isWriting(event))) return;
      event.preventDefault();
      onOpen(isCommand ? 'commands' : 'keys');
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [onOpen]);

  const close = () => onOpen(undefined);
  return (
    <Suspense>
      {open === 'commands' && (
        <CommandPalette organization={organization} onOpen={onOpen} onClose={close} />
      )}
      {open === 'keys' && <KeysDialog onClose={close} />}
      {open === 'new-report' && <NewReportDialog organization={organization} onClose={close} />}
      {open === 'new-space' && <SpaceDialog organization={organization} onClose={close} />}
    </Suspense>
  );
}
