import { Link, Outlet, useParams } from '@tanstack/react-router';
import { useSession } from '../../api/session.ts';
import { words } from '../../words.ts';
import styles from './settings-page.module.css';
import { settingsWords } from './settings-words.ts';

/** The settings: one's own, and for admins those of the organization. */
export function SettingsPage() {
  const { organization } = useParams({ from: '/$organization' });
  const { data: state } = useSession();
  const isAdmin = state?.session?.member.role === 'admin';
  const tabs = [
    { to: '/$organization/settings', label: settingsWords.you },
    { to: '/$organization/settings/members', label: words.settings.members },
    { to: '/$organization/settings/tokens', label: words.settings.tokens },
    ...(isAdmin
      ? ([{ to: '/$organization/settings/audit', label: words.settings.audit }] as const)
      : []),
  ] as const;
  return (
    <main className="page">
      <div className="page-head">
        <h1>{words.places.settings}</h1>
      </div>
      <nav className={styles.tabs} aria-label={words.places.settings}>
        {tabs.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            params={{ organization }}
            className={styles.tab}
            activeProps={{ className: styles.here }}
            activeOptions={{ exact: true }}
          >
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </main>
  );
}
