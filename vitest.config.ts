import { defineConfig } from 'vitest/config';
import { FAR_TOO_LONG_MS } from './test/support/far-too-long.ts';

/** What stands on the store is tested on both stores; `postgres` is about PostgreSQL alone. */
const onBothStores = [
  'access-tokens',
  'audit',
  'callers',
  'crash',
  'discovery',
  'events',
  'import',
  'inventory',
  'members',
  'oidc',
  'postgres',
  'report-index',
  'reports',
  'roll-call',
  'runs',
  'schedules',
  'search',
  'security',
  'sessions',
  'spaces',
  'upgrade',
  'views',
];

/** Of what tests share, the store has to do with how it is emptied. */
const filesOnBothStores = ['test/support/servers.test.ts'];

/** Of those folders, what is about files, memory, formats, sources and providers that are the same whichever store rows come from. */
const filesOnOneStore = [
  'test/discovery/{damaged-lists,long-pages,mapped-pages,page-memory}.test.ts',
  'test/report-index/damaged-files.test.ts',
  'test/import/{copy-inventory,saved-workspace}.test.ts',
  'test/oidc/oidc.test.ts',
  'test/runs/{failed-runs,result-routes,row-routes,zip}.test.ts',
];

/** Pure functions, and files that are compared: they need no server and no store, and take seconds. */
const unit = [
  'test/access-tokens/expiry.test.ts',
  'test/{architecture,clock,text}.test.ts',
  'test/charts/**/*.test.ts',
  'test/cli/progress.test.ts',
  'test/client/options.test.ts',
  'test/database/{commit-memo,schema}.test.ts',
  'test/discovery/page-ends.test.ts',
  'test/data-sources/{failure-words,host-address,limit-concurrency}.test.ts',
  'test/docs/{charts,cli,configuration,data-sources,errors,language,links,operating,running-reports}.test.ts',
  'test/generate/batch.test.ts',
  'test/import/inventory-url.test.ts',
  'test/report-index/{match-expression,page-sums,roll-call-csv}.test.ts',
  'test/runs/download-turns.test.ts',
  'test/schedules/next-time.test.ts',
  'test/scripts/web-budgets.test.ts',
  'test/sessions/guessing.test.ts',
  'test/sql-templates/{parameters-document,query-form,query-template,sql-fingerprint}.test.ts',
  'test/web/{draft-saver,editor-content,format,guess-chart,run-values,sql-dialects}.test.ts',
];

/** Whole programs. */
const programs = [
  'test/{compatibility,crash,process,upgrade}/**/*.test.ts',
  'test/runs/killed-workers.test.ts',
  'test/schedules/{herd,kill}.test.ts',
];

/** What must have its process to itself: its memory, and the processes that it started. */
const alone = ['test/data-sources/query-processes.test.ts', 'test/http/slow-clients.test.ts'];

/** A test waits for several things, each of which may take as long as what does not hang. */
const timeouts = {
  testTimeout: 3 * FAR_TOO_LONG_MS,
  hookTimeout: 3 * FAR_TOO_LONG_MS,
  expect: { poll: { timeout: FAR_TOO_LONG_MS } },
};

/**
 * Node runs the TypeScript of tests as it runs the program's, and keeps what it compiled for the next worker: nothing here
 * needs Vite to rewrite the modules, which takes longer and leaves slower code.
 */
const native = {
  experimental: { viteModuleRunner: false, nodeLoader: false },
  setupFiles: ['test/support/compile-cache.ts'],
};

/**
 * The files of a worker share one process: what they import, and the servers that they hand on (see
 * test/support/servers.ts), is made once and not once for each file. Processes rather than threads, which share the
 * environment, the folder and the memory that tests look at.
 */
const shared = { pool: 'forks', isolate: false, ...native, ...timeouts } as const;

export default defineConfig({
  test: {
    // Many tests wait for other programs rather than for a processor.
    maxWorkers: 5,
    globalSetup: ['test/support/run-folder.ts'],
    projects: [
      { test: { name: 'unit', include: unit, ...shared } },
      {
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude: [...unit, ...programs, ...alone, 'test/postgres/**', 'test/web/**'],
          ...shared,
        },
      },
      {
        test: {
          name: 'postgres',
          include: [
            ...onBothStores.map((folder) => `test/${folder}/**/*.test.ts`),
            ...filesOnBothStores,
          ],
          exclude: [...unit, ...filesOnOneStore],
          globalSetup: ['test/support/postgres-for-tests.ts'],
          ...shared,
        },
      },
      { test: { name: 'process', include: programs, ...shared } },
      { test: { name: 'alone', include: alone, ...native, ...timeouts } },
      {
        test: {
          name: 'web',
          include: ['test/web/**/*.test.ts'],
          exclude: unit,
          globalSetup: ['test/support/web-demo.ts'],
          ...shared,
        },
      },
    ],
  },
});
