import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './start-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string | undefined;
    /** Whether that is the coordinator of a Citus cluster, over whose nodes the stores of servers are distributed. */
    isCitus: boolean;
    /** What the names of this run's schemas begin with. */
    schemaPrefix: string;
  }
}

/**
 * A PostgreSQL for the project `postgres`: one of our own, or the one that ROLLCALL_TEST_DATABASE_URL names, or the
 * coordinator of a Citus cluster that ROLLCALL_TEST_CITUS_URL names, which lose the run's schemas when the run ends.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const coordinator = process.env.ROLLCALL_TEST_CITUS_URL;
  const named = coordinator ?? process.env.ROLLCALL_TEST_DATABASE_URL;
  const schemaPrefix = `test_${randomUUID().slice(0, 8)}_`;
  const { url, stop } = named
    ? { url: named, stop: () => dropSchemas(named, schemaPrefix) }
    : await startPostgres();
  project.provide('databaseUrl', url);
  project.provide('isCitus', coordinator !== undefined);
  project.provide('schemaPrefix', schemaPrefix);
  return stop;
}

async function dropSchemas(url: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ nspname: string }>(
      'select nspname from pg_namespace where starts_with(nspname, $1)',
      [prefix],
    );
    for (const { nspname } of rows) await client.query(`drop schema ${nspname} cascade`);
  } finally {
    await client.end();
  }
}
