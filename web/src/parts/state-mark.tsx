import { words } from '../words.ts';
import styles from './state-mark.module.css';

/** How a report stands, as far as its last run tells. */
export type Standing = 'succeeded' | 'failed' | 'running' | 'cancelled' | 'never';

/** The standing that a run's state on the wire means. */
export function standingOf(state: string | null | undefined): Standing {
  switch (state) {
    case null:
    case undefined:
      return 'never';
    case 'succeeded':
    case 'completed':
      return 'succeeded';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'running';
  }
}

const shapes: Record<Standing, React.ReactNode> = {
  succeeded: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  never: <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  failed: <path d="M6 1.5 11 10.5H1z" fill="currentColor" />,
  running: (
    <>
      <circle cx="6" cy="6" r="3.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2.25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor" />
    </>
  ),
  cancelled: <rect x="2.5" y="2.5" width="7" height="7" fill="currentColor" />,
};

/** A standing by shape and word; the word is only read aloud where a column of its own says it. */
export function StateMark({ standing, quiet = false }: { standing: Standing; quiet?: boolean }) {
  const word = words.standing[standing];
  return (
    <span className={`${styles.mark} ${styles[standing]}`} title={quiet ? word : undefined}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {shapes[standing]}
      </svg>
      <span className={quiet ? 'out-of-sight' : undefined}>{word}</span>
    </span>
  );
}
