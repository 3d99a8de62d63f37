import { useState } from 'react';
import { setFavorite } from '../api/favorites.ts';
import { words } from '../words.ts';
import { attempt } from './attempt.ts';
import styles from './favorite-star.module.css';
import { say } from './toast.tsx';

/** A star that is filled while the report is one of the reader's favorites; a click turns it. */
export function FavoriteStar({
  organization,
  report: { token, name },
  isFavorite,
}: {
  organization: string;
  report: { token: string; name: string | null };
  isFavorite: boolean;
}) {
  /** What was asked for and is not yet so. */
  const [next, setNext] = useState<boolean>();
  const turn = (to: boolean) =>
    attempt(async () => {
      setNext(to);
      try {
        await setFavorite(organization, token, to);
        if (!to) {
          // The row may be gone from a list of favorites.
          const act = () => void turn(true);
          say(words.reports.noLongerFavorite, { label: words.undo, act });
        }
      } finally {
        setNext(undefined);
      }
    });
  const isOn = next ?? isFavorite;
  return (
    <button
      type="button"
      className={styles.star}
      aria-pressed={isOn}
      aria-label={words.reports.favorite(name ?? words.untitled)}
      onClick={() => turn(!isOn)}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 1.9l1.9 3.85 4.25.62-3.08 3 .73 4.23L8 11.6l-3.8 2 .73-4.23-3.08-3 4.25-.62z" />
      </svg>
    </button>
  );
}
