import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/**
 * Where a new, empty store is: a schema of its own in the PostgreSQL that runs for the project `postgres`, gone when the
 * test ends. Undefined in the project `sqlite`, where a store is a file in the data folder.
 */
export async function newDatabaseUrl(): Promise<string | undefined> {
  const base = inject('databaseUrl');
  if (base === undefined) return undefined;
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await query(base, `create schema ${schema}`);
  onTestFinished(() => query(base, `drop schema ${schema} cascade`));
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
