import {
  Link,
  Outlet,
  useLocation,
  useNavigate,
  useParams,
  useRouterState,
} from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { followReports } from '../api/live.ts';
import { useSession } from '../api/session.ts';
import { NotFound } from '../pages/not-found.tsx';
import { Notice } from '../parts/notice.tsx';
import { words } from '../words.ts';
import { CommandMenu } from './command-menu.tsx';
import styles from './frame.module.css';
import { PlaceIcon, places } from './places.tsx';
import { SpaceLinks } from './space-links.tsx';
import type { FrameDialog } from './use-commands.ts';

// Menus float, and what makes them float is large: the list does not wait for it.
const AccountMenu = lazy(() => import('./account-menu.tsx'));

/** The rail with every place, and the page beside it. Below a narrow screen the rail is a bar. */
export function Frame() {
  const { organization } = useParams({ from: '/$organization' });
  const [dialog, setDialog] = useState<FrameDialog>();
  useFocusOnContent();
  const { data: state, error } = useSession();
  const member = state?.session?.member.token;
  const own = state?.session?.organization.username;
  useLive(organization, own === organization ? member : undefined);
  useReloadForOther(member);
  if (!state) {
    if (error) throw error;
    return null;
  }
  const { session } = state;
  if (!session) return <LeadToSignIn />;
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        {words.skipToContent}
      </a>
      <nav className={styles.rail} aria-label={words.product}>
        <Link
          to="/$organization"
          params={{ organization: own ?? organization }}
          className={styles.name}
        >
          {session.organization.name}
        </Link>
        <ul className={styles.places}>
          {places.map(({ id, to, label, icon }) => (
            <li key={id}>
              <Link
                to={to}
                params={{ organization: own ?? organization }}
                className={styles.place}
                activeProps={{ className: styles.here }}
                activeOptions={{ exact: id === 'reports', includeSearch: false }}
              >
                <PlaceIcon path={icon} />
                <span>{label}</span>
              </Link>
            </li>
          ))}
        </ul>
        <SpaceLinks
          organization={session.organization.username}
          onNew={() => setDialog('new-space')}
        />
        <button type="button" className={styles.commands} onClick={() => setDialog('commands')}>
          {words.commands.open} <kbd>{words.commands.key}</kbd>
        </button>
        <Suspense fallback={<div className={styles.account} />}>
          <AccountMenu session={session} onCommands={() => setDialog('commands')} />
        </Suspense>
      </nav>
      <div id="content" className={styles.content} tabIndex={-1}>
        {state.read_only !== null && (
          <Notice kind="alert" title={words.readOnly}>
            {state.read_only}
          </Notice>
        )}
        {own === organization ? <Outlet /> : <NotFound />}
      </div>
      <CommandMenu organization={session.organization.username} open={dialog} onOpen={setDialog} />
    </div>
  );
}

/**
 * On another page the focus begins at its heading: who reads by ear hears what it is, and who goes by keys goes on there.
 * Until a page that is still loaded has one, the focus is on the place of the content.
 */
function useFocusOnContent(): void {
  // That of the page that is shown: the next one may still be loaded.
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(pathname);
  useEffect(() => {
    const isFirst = before.current === undefined;
    if (before.current === pathname) return;
    before.current = pathname;
    if (isFirst) return;
    const content = document.getElementById('content');
    content?.focus({ preventScroll: true });
    const find = () => {
      const heading = content?.querySelector('h1');
      // Who has gone on meanwhile is left alone.
      if (document.activeElement !== content) return true;
      if (!heading) return false;
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
      return true;
    };
    if (!content || find()) return;
    const watch = new MutationObserver(() => find() && watch.disconnect());
    watch.observe(content, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, [pathname]);
}

/** Keeps pages up to date while others work on what they show. */
function useLive(organization: string, member: string | undefined): void {
  useEffect(() => {
    if (member === undefined) return;
    const end = new AbortController();
    followReports(organization, member, end.signal);
    return () => end.abort();
  }, [organization, member]);
}

/** Loads the page again once somebody else has signed in, in another tab: it keeps nothing of whose it was. */
function useReloadForOther(member: string | undefined): void {
  const first = useRef(member);
  useEffect(() => {
    first.current ??= member;
    if (member !== undefined && member !== first.current) window.location.reload();
  }, [member]);
}

/** To the sign-in, and from there back to where the reader was. */
function LeadToSignIn() {
  const navigate = useNavigate();
  const { href } = useLocation();
  // While the sign-in page is loaded, the address is already its own.
  const next = useRef(href);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { next: next.current }, replace: true });
  }, [navigate]);
  return null;
}
