import { defineConfig } from 'vitest/config';

/** What stands on the store is tested on both stores; `postgres` is about PostgreSQL alone. */
const onBothStores = [
  'access-tokens',
  'audit',
  'crash',
  'compatibility',
  'discovery',
  'import',
  'members',
  'postgres',
  'reports',
  'runs',
  'security',
  'sessions',
];

const timeouts = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          exclude: ['test/postgres/**'],
          ...timeouts,
        },
      },
      {
        test: {
          name: 'postgres',
          include: onBothStores.map((folder) => `test/${folder}/**/*.test.ts`),
          globalSetup: ['test/support/postgres-for-tests.ts'],
          ...timeouts,
        },
      },
    ],
  },
});
