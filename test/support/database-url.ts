import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** Where a store is: undefined in the projects on SQLite, where it is a file in the data folder. */
export type StoreUrl = { url: string | undefined; drop(): Promise<void> };

/**
 * Where a new, empty store is: a schema of its own in the PostgreSQL that runs for the project `postgres`, gone when the
 * test ends.
 */
export async function newDatabaseUrl(): Promise<string | undefined> {
  const { url, drop } = await newStoreUrl();
  onTestFinished(drop);
  return url;
}

/** The same, gone when it is dropped. */
export async function newStoreUrl(): Promise<StoreUrl> {
  const base = inject('databaseUrl');
  if (base === undefined) return { url: undefined, drop: async () => undefined };
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  await query(base, `create schema ${schema}`);
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, drop: () => query(base, `drop schema ${schema} cascade`) };
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
