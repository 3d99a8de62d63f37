import { words } from '../words.ts';
import styles from './column-notes.module.css';
import type { Column } from './columns.ts';

const MAX_SHOWN = 3;

/** What a result says of columns whose values it could not keep as the data source has them. */
export function ColumnNotes({ columns }: { columns: readonly Column[] }) {
  const noted = columns.filter(({ note }) => note !== undefined);
  if (noted.length === 0) return null;
  const left = noted.length - MAX_SHOWN;
  return (
    <p className={styles.notes}>
      {noted.slice(0, MAX_SHOWN).map(({ name, note }) => (
        <span key={name}>
          <b>{name}</b>: {note}{' '}
        </span>
      ))}
      {left > 0 && words.moreColumnNotes(left)}
    </p>
  );
}
