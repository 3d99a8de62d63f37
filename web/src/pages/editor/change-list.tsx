import { words } from '../../words.ts';
import type { Change } from './content-changes.ts';
import styles from './editor.module.css';

/** What publishing changes, in words. */
export function ChangeList({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="faint">{words.editor.noChanges}</p>;
  return (
    <ul className={styles.changes}>
      {changes.map((change, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: changes have no name of their own, and never move.
        <li key={index}>{saidChange(change)}</li>
      ))}
    </ul>
  );
}

function saidChange(change: Change): string {
  const said = words.editor.changed;
  const named = (name: string | null) => name ?? words.untitled;
  switch (change.what) {
    case 'name':
      return said.name(named(change.to));
    case 'description':
      return said.description;
    case 'order':
      return said.order;
    case 'query-renamed':
      return said['query-renamed'](named(change.from), named(change.to));
    default:
      return said[change.what](named(change.name));
  }
}
