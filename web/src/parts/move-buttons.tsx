import { words } from '../words.ts';
import styles from './move-buttons.module.css';
import type { Step } from './moved.ts';

/** Two small buttons that move a thing within its list. At an end they stay, so that the keyboard does not lose its place. */
export function MoveButtons({
  name,
  place,
  count,
  isAcross = false,
  onMove,
}: {
  name: string;
  place: number;
  count: number;
  /** Whether the list runs from left to right. */
  isAcross?: boolean;
  onMove: (step: Step) => void;
}) {
  const [back, on] = isAcross ? ['←', '→'] : ['↑', '↓'];
  const said = isAcross ? words.move.across : words.move.down;
  return (
    <span className={styles.pair}>
      <button
        type="button"
        className={styles.move}
        aria-label={said.back(name)}
        title={said.back(name)}
        aria-disabled={place === 0}
        onClick={() => onMove(-1)}
      >
        {back}
      </button>
      <button
        type="button"
        className={styles.move}
        aria-label={said.on(name)}
        title={said.on(name)}
        aria-disabled={place === count - 1}
        onClick={() => onMove(1)}
      >
        {on}
      </button>
    </span>
  );
}
