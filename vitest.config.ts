import { defineConfig } from 'vitest/config';

/** What stands on the store is tested on both stores; `postgres` is about PostgreSQL alone. */
const onBothStores = [
  'access-tokens',
  'audit',
  'callers',
  'compatibility',
  'crash',
  'discovery',
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
  'views',
];

/** Of what runs queries, the store has only to do with where they run. */
const filesOnBothStores = ['test/data-sources/data-source-routes.test.ts'];

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    // Many tests wait for other programs rather than for a processor.
    maxWorkers: 2,
    globalSetup: ['test/support/run-folder.ts'],
    projects: [
      {
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude: ['test/postgres/**', 'test/web/**'],
          ...timeouts,
        },
      },
      {
        test: {
          name: 'postgres',
          include: [
            ...onBothStores.map((folder) => `test/${folder}/**/*.test.ts`),
            ...filesOnBothStores,
          ],
          globalSetup: ['test/support/postgres-for-tests.ts'],
          ...timeouts,
        },
      },
      {
        test: {
          name: 'web',
          include: ['test/web/**/*.test.ts'],
          globalSetup: ['test/support/web-demo.ts'],
          expect: { poll: { timeout: 15_000 } }, // as long as for what is waited for in the browser
          ...timeouts,
          testTimeout: 180_000, // some look at every page there is
        },
      },
    ],
  },
});
