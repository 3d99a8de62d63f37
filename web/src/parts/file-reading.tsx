import type { SourceTable } from '../api/data-sources.ts';
import { words } from '../words.ts';
import styles from './file-reading.module.css';

/** How a file is read: its name and encoding, what was decided about it, or why it can't be read. */
export function FileReading({ file }: { file: NonNullable<SourceTable['file']> }) {
  const { name, encoding, notes, error } = file;
  return (
    <div className={styles.reading}>
      <p>
        <span className="figure">{name}</span>
        {encoding && <span> {words.data.encoding(encoding)}</span>}
      </p>
      {error && <p className={styles.error}>{words.data.unreadable(error)}</p>}
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
