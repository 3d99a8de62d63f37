import { useState } from 'react';
import { type Change, changeInBulk } from '../../api/bulk-changes.ts';
import { told } from '../../api/client.ts';
import { type CalledReport, type ListName, readTokens } from '../../api/roll-call.ts';
import { Button } from '../../parts/button.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { MemberPicker, SpacePicker } from '../../parts/pickers.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import type { Selected } from './roll-call-lists.tsx';
import styles from './roll-call-page.module.css';

const texts = words.rollCall.bulk;
const kinds = ['archive', 'move', 'owner'] as const;
type Kind = (typeof kinds)[number];

/** What can be done with the selected reports: put away, moved, handed over; and taken back. */
export function BulkActions({
  organization,
  list,
  count,
  reports,
  selected,
  onSelect,
}: {
  organization: string;
  list: ListName;
  count: number;
  reports: readonly CalledReport[];
  selected: Selected;
  onSelect: (selected: Selected) => void;
}) {
  const [asked, setAsked] = useState<Kind>();
  const size = selected === 'all' ? count : selected.size;
  const isPage = selected !== 'all' && reports.every(({ token }) => selected.has(token));

  const change = async (toChange: (report: string) => Change) => {
    const tokens = selected === 'all' ? await readTokens(organization, list) : [...selected];
    const outcome = await changeInBulk(organization, tokens.map(toChange));
    onSelect(new Set());
    const undo = async () => {
      try {
        await changeInBulk(organization, outcome.undo);
        say(texts.undone);
      } catch (error) {
        say(told(error).message);
      }
    };
    say(
      texts.done(outcome.changed, outcome.refused),
      outcome.undo.length > 0 ? { label: words.undo, act: undo } : undefined,
    );
  };

  return (
    <div className={styles.bulk}>
      <p role="status">{size === 0 ? texts.none : texts.selected(size)}</p>
      {isPage && size < count && (
        <Button kind="bare" onClick={() => onSelect('all')}>
          {texts.all(count)}
        </Button>
      )}
      <div className={styles.bulkButtons}>
        {kinds.map((kind) => (
          <Button key={kind} disabled={size === 0} onClick={() => setAsked(kind)}>
            {texts.kinds[kind]}
          </Button>
        ))}
      </div>
      {asked && (
        <Asked
          organization={organization}
          kind={asked}
          size={size}
          onClose={() => setAsked(undefined)}
          onChange={change}
        />
      )}
    </div>
  );
}

function Asked({
  organization,
  kind,
  size,
  onClose,
  onChange,
}: {
  organization: string;
  kind: Kind;
  size: number;
  onClose: () => void;
  onChange: (toChange: (report: string) => Change) => Promise<void>;
}) {
  const [chosen, setChosen] = useState({ value: '', label: '' });
  const toChange = (report: string): Change => {
    if (kind === 'archive') return { report, archived: true };
    if (kind === 'move') return { report, space_token: chosen.value };
    return { report, owner_email: chosen.value };
  };
  return (
    <FormDialog
      title={texts.titles[kind](size)}
      isOpen
      submit={texts.kinds[kind]}
      onClose={onClose}
      onSubmit={() => onChange(toChange)}
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
