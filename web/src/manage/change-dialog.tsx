import { useState } from 'react';
import type { Change } from '../api/bulk-changes.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { MemberPicker, SpacePicker } from '../parts/pickers.tsx';
import { manageWords as texts } from './manage-words.ts';

/** What can be done with reports. */
export type ChangeKind = 'archive' | 'move' | 'owner' | 'delete';

/** Asks what is to be done with reports, and where to. */
export default function ChangeDialog({
  organization,
  kind,
  what,
  onClose,
  onChange,
}: {
  organization: string;
  kind: ChangeKind;
  /** What is to be changed, as it is called. */
  what: string;
  onClose: () => void;
  onChange: (toChange: (report: string) => Change) => Promise<void>;
}) {
  const [chosen, setChosen] = useState({ value: '', label: '' });
  const changes: Record<ChangeKind, (report: string) => Change> = {
    archive: (report) => ({ report, archived: true }),
    delete: (report) => ({ report, deleted: true }),
    move: (report) => ({ report, space_token: chosen.value }),
    owner: (report) => ({ report, owner_email: chosen.value }),
  };
  return (
    <FormDialog
      title={texts.titles[kind](what)}
      isOpen
      submit={texts.kinds[kind]}
      kind={kind === 'delete' ? 'danger' : 'main'}
      onClose={onClose}
      onSubmit={() => onChange(changes[kind])}
    >
      {kind === 'move' && (
        <SpacePicker
          organization={organization}
          shown={chosen.label}
          onChoose={(space, label) => setChosen({ value: space?.token ?? '', label })}
        />
      )}
      {kind === 'owner' && (
        <MemberPicker
          organization={organization}
          shown={chosen.label}
          isActive
          onChoose={(email = '') => setChosen({ value: email, label: email })}
        />
      )}
      <p className="faint">{texts.hints[kind]}</p>
    </FormDialog>
  );
}
