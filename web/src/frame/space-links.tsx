import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Space, spaceLabel, useSpaces } from '../api/spaces.ts';
import { PersonalMark } from '../parts/personal-mark.tsx';
import { useDebounced } from '../parts/use-debounced.ts';
import { words } from '../words.ts';
import styles from './space-links.module.css';

/** In an order that stays as it is, whatever was opened last. */
function inOrder(a: Space, b: Space): number {
  return Number(b.isOwn) - Number(a.isOwn) || collator.compare(a.name ?? '', b.name ?? '');
}
const collator = new Intl.Collator('en', { numeric: true });

/** The reader's own space and those used last, where there are more a field that finds any of them, and how one is made. */
export function SpaceLinks({ organization, onNew }: { organization: string; onNew: () => void }) {
  const [typed, setTyped] = useState('');
  const { data: first } = useSpaces(organization);
  const { data: found } = useSpaces(organization, useDebounced(typed));
  const spaces = (found?.spaces ?? []).toSorted(inOrder);
  return (
    <section className={styles.part} aria-label={words.places.spaces}>
      <div className={styles.head}>
        <h2>{words.places.spaces}</h2>
        <button
          type="button"
          className={styles.add}
          aria-label={words.spaces.new}
          title={words.spaces.new}
          onClick={onNew}
        >
          +
        </button>
      </div>
      {first && first.count > first.spaces.length && (
        <input
          className={styles.find}
          aria-label={words.spaces.find}
          placeholder={words.spaces.findAmong(first.count)}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setTyped('')}
        />
      )}
      <ul>
        {spaces.map((space) => (
          <li key={space.token}>
            <SpaceLink organization={organization} space={space} />
          </li>
        ))}
      </ul>
      {found && spaces.length === 0 && (
        <p className={styles.none} role="status">
          {typed ? words.noMatches : words.spaces.none}
        </p>
      )}
    </section>
  );
}

function SpaceLink({ organization, space }: { organization: string; space: Space }) {
  return (
    <Link
      to="/$organization"
      params={{ organization }}
      search={{ space: space.token }}
      className={styles.space}
      activeProps={{ className: styles.here }}
    >
      <span>{spaceLabel(space)}</span> {space.isPersonal && <PersonalMark />}
    </Link>
  );
}
