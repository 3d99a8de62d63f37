import { Link } from '@tanstack/react-router';
import { useSpaces } from '../api/spaces.ts';
import { words } from '../words.ts';
import styles from './space-links.module.css';

const MOST = 8;

/** The first spaces below their place in the rail, the reader's own last. */
export function SpaceLinks({ organization }: { organization: string }) {
  const { data: spaces = [] } = useSpaces(organization);
  const shared = spaces.filter((space) => space.space_type !== 'private').slice(0, MOST);
  const own = spaces.filter((space) => space.is_own);
  return (
    <ul className={styles.spaces}>
      {[...shared, ...own].map((space) => (
        <li key={space.token}>
          <Link
            to="/$organization"
            params={{ organization }}
            search={{ space: space.token }}
            className={styles.space}
            activeProps={{ className: styles.here }}
          >
            {space.is_own ? words.ownSpace : (space.name ?? words.untitled)}
          </Link>
        </li>
      ))}
    </ul>
  );
}
