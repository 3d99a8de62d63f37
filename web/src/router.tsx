import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  redirect,
  stringifySearchWith,
} from '@tanstack/react-router';
import { basePath } from './base-path.ts';
import { Frame } from './frame/frame.tsx';
import { NotFound } from './pages/not-found.tsx';
import { PageFailed } from './pages/page-failed.tsx';
import { readReportSearch } from './pages/report/report-search.ts';
import { ReportsPage } from './pages/reports/reports-page.tsx';
import { readReportsSearch } from './pages/reports/reports-search.ts';
import { readRollCallSearch } from './pages/roll-call/roll-call-search.ts';
import { readSignInSearch } from './pages/sign-in/sign-in-search.ts';
import { StartPage } from './pages/start-page.tsx';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: PageFailed,
});

const start = createRoute({ getParentRoute: () => root, path: '/', component: StartPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

/** Everything of one organization, behind the sign-in. */
const organization = createRoute({
  getParentRoute: () => root,
  path: '/$organization',
  component: Frame,
});

const reports = createRoute({
  getParentRoute: () => organization,
  path: '/',
  validateSearch: readReportsSearch,
  component: ReportsPage,
});

const report = createRoute({
  getParentRoute: () => organization,
  path: '/reports/$report',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('./pages/report/report-page.tsx'), 'ReportPage'),
});

const editor = createRoute({
  getParentRoute: () => organization,
  path: '/reports/$report/edit',
  component: lazyRouteComponent(() => import('./pages/editor/editor-page.tsx'), 'EditorPage'),
});

/** A report that is written and was never published. `begin`: nothing is kept of it yet. */
const newReport = createRoute({
  getParentRoute: () => organization,
  path: '/drafts/$draft',
  validateSearch: ({
    begin,
    space,
  }: Record<string, unknown>): { begin?: true; space?: string } => ({
    ...(begin === true && { begin }),
    ...(typeof space === 'string' && { space }),
  }),
  component: lazyRouteComponent(
    () => import('./pages/editor/new-report-page.tsx'),
    'NewReportPage',
  ),
});

/** The addresses that Mode has for these, and that catalogs such as Amundsen keep as links. */
const spaceLinks = (['/spaces/$space', '/collections/$space'] as const).map((path) =>
  createRoute({
    getParentRoute: () => organization,
    path,
    beforeLoad({ params }) {
      const { organization, space } = params;
      throw redirect({
        to: '/$organization',
        params: { organization },
        search: { space },
        replace: true,
      });
    },
  }),
);
const queryLink = createRoute({
  getParentRoute: () => organization,
  path: '/reports/$report/queries/$query',
  beforeLoad({ params }) {
    const { organization, report } = params;
    throw redirect({
      to: '/$organization/reports/$report',
      params: { organization, report },
      replace: true,
    });
  },
});

const rollCall = createRoute({
  getParentRoute: () => organization,
  path: '/roll-call',
  validateSearch: readRollCallSearch,
  component: lazyRouteComponent(
    () => import('./pages/roll-call/roll-call-page.tsx'),
    'RollCallPage',
  ),
});

const schedules = createRoute({
  getParentRoute: () => organization,
  path: '/schedules',
  component: lazyRouteComponent(
    () => import('./pages/schedules/schedules-page.tsx'),
    'SchedulesPage',
  ),
});

const data = createRoute({
  getParentRoute: () => organization,
  path: '/data',
  component: lazyRouteComponent(() => import('./pages/data/data-page.tsx'), 'DataPage'),
});

const settings = createRoute({
  getParentRoute: () => organization,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});
const ownSettings = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/settings/own-settings.tsx'), 'OwnSettings'),
});
const membersSettings = createRoute({
  getParentRoute: () => settings,
  path: '/members',
  component: lazyRouteComponent(
    () => import('./pages/settings/members-settings.tsx'),
    'MembersSettings',
  ),
});
const tokensSettings = createRoute({
  getParentRoute: () => settings,
  path: '/tokens',
  component: lazyRouteComponent(
    () => import('./pages/settings/tokens-settings.tsx'),
    'TokensSettings',
  ),
});
const auditSettings = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  component: lazyRouteComponent(
    () => import('./pages/settings/audit-settings.tsx'),
    'AuditSettings',
  ),
});

/** A value in an address. A number is one only as numbers are written: 1.10, 007 and ids of twenty digits stay texts. */
function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return typeof value === 'number' && String(value) !== text ? text : value;
}

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    organization.addChildren([
      reports,
      report,
      editor,
      newReport,
      ...spaceLinks,
      queryLink,
      rollCall,
      schedules,
      data,
      settings.addChildren([ownSettings, membersSettings, tokensSettings, auditSettings]),
    ]),
  ]),
  basepath: basePath || '/',
  parseSearch: parseSearchWith(parseExactly),
  stringifySearch: stringifySearchWith(JSON.stringify, parseExactly),
  // What fails of a page stays inside it, with the navigation around it.
  defaultErrorComponent: PageFailed,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
