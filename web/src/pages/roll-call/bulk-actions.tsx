import { useState } from 'react';
import { type Change, changeInBulk, type Outcome } from '../../api/bulk-changes.ts';
import { told } from '../../api/client.ts';
import { type CalledReport, type ListName, readTokens } from '../../api/roll-call.ts';
import { Button } from '../../parts/button.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { MemberPicker, SpacePicker } from '../../parts/pickers.tsx';
import { say } from '../../parts/toast.tsx';
import { words } from '../../words.ts';
import type { Selected } from './listed-reports.tsx';
import styles from './roll-call-page.module.css';

const texts = words.rollCall.bulk;
const kinds = ['archive', 'move', 'owner'] as const;
type Kind = (typeof kinds)[number];

/** What is said of those that were not reached. */
function saidLeft(left: Outcome['left']): string[] {
  return left ? [texts.stopped(left.changes.length, told(left.failure).message)] : [];
}

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
    const { changed, refused, undo, left } = await changeInBulk(organization, tokens.map(toChange));
    if (left?.changes.length === tokens.length) throw left.failure;
    onSelect(new Set(left?.changes.map(({ report }) => report)));
    const done = [texts.done(changed, refused), ...saidLeft(left)].join(' ');
    say(done, undo.length > 0 ? { label: words.undo, act: () => takeBack(undo) } : undefined);
  };
  const takeBack = async (changes: readonly Change[]): Promise<void> => {
    const { changed, refused, left } = await changeInBulk(organization, changes);
    if (left === undefined) say(refused ? texts.done(changed, refused) : texts.undone);
    else say(saidLeft(left).join(), { label: words.undo, act: () => takeBack(left.changes) });
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
