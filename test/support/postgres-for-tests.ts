import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string | undefined;
  }
}

/** A PostgreSQL for the project `postgres`: the one that ROLLCALL_TEST_DATABASE_URL names, else one of our own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const named = process.env.ROLLCALL_TEST_DATABASE_URL;
  const { url, stop } = named ? { url: named, stop: async () => undefined } : await startPostgres();
  project.provide('databaseUrl', url);
  return stop;
}
