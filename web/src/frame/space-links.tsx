import { Link } from '@tanstack/react-router';
import { type Space, spaceLabel, useSpaces } from '../api/spaces.ts';
import { PersonalMark } from '../parts/personal-mark.tsx';
import { words } from '../words.ts';
import styles from './space-links.module.css';

/** More than these the command menu and the filter of the list reach. */
const MOST = 24;

/** The reader's own space and the first shared ones, and how a new one is made. */
export function SpaceLinks({ organization, onNew }: { organization: string; onNew: () => void }) {
  const { data: spaces = [] } = useSpaces(organization);
  const shared = spaces.filter((space) => !space.isPersonal).slice(0, MOST);
  const own = spaces.filter((space) => space.isOwn);
  return (
    <section className={styles.part} aria-label={words.places.spaces}>
      <div className={styles.head}>
        <h2>{words.places.spaces}</h2>
        <button
          type="button"
          className={styles.add}
          aria-label={words.spaces.make}
          title={words.spaces.make}
          onClick={onNew}
        >
          +
        </button>
      </div>
      <ul>
        {[...own, ...shared].map((space) => (
          <li key={space.token}>
            <SpaceLink organization={organization} space={space} />
          </li>
        ))}
      </ul>
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
