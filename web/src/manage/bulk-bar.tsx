import { lazy, Suspense, useState } from 'react';
import type { Change } from '../api/bulk-changes.ts';
import { Button } from '../parts/button.tsx';
import { reportCount } from '../words.ts';
import styles from './bulk-bar.module.css';
import type { ChangeKind } from './change-dialog.tsx';
import { changeReports } from './change-reports.ts';
import { manageWords as texts } from './manage-words.ts';

const ChangeDialog = lazy(() => import('./change-dialog.tsx'));

const kinds: readonly ChangeKind[] = ['archive', 'move', 'owner', 'delete'];

/** What is selected of a list: some by token, or all of it, the other pages too. */
export type Selected = ReadonlySet<string> | 'all';

/** What can be done with the selected reports: put away, moved, handed over, deleted; and taken back. */
export default function BulkBar({
  organization,
  count,
  shown,
  selected,
  readAll,
  onSelect,
}: {
  organization: string;
  /** How many there are in the whole list. */
  count: number;
  /** The tokens of those in sight. */
  shown: readonly string[];
  selected: Selected;
  /** Reads the tokens of the whole list; absent where it cannot be selected as a whole. */
  readAll?: () => Promise<readonly string[]>;
  onSelect: (selected: Selected) => void;
}) {
  const [asked, setAsked] = useState<ChangeKind>();
  const size = selected === 'all' ? count : selected.size;
  const isPage = selected !== 'all' && shown.every((token) => selected.has(token));
  const change = async (toChange: (report: string) => Change) => {
    const tokens = selected === 'all' ? ((await readAll?.()) ?? []) : [...selected];
    const left = await changeReports(organization, tokens.map(toChange));
    onSelect(new Set(left.map(({ report }) => report)));
  };
  return (
    <div className={styles.bar}>
      <p role="status">{size === 0 ? texts.none : texts.selected(size)}</p>
      {readAll && isPage && size < count && (
        <Button kind="bare" onClick={() => onSelect('all')}>
          {texts.all(count)}
        </Button>
      )}
      <div className={styles.buttons}>
        {kinds.map((kind) => (
          <Button key={kind} disabled={size === 0} onClick={() => setAsked(kind)}>
            {texts.kinds[kind]}
          </Button>
        ))}
      </div>
      {asked && (
        <Suspense>
          <ChangeDialog
            organization={organization}
            kind={asked}
            what={reportCount(size)}
            onClose={() => setAsked(undefined)}
            onChange={change}
          />
        </Suspense>
      )}
    </div>
  );
}
