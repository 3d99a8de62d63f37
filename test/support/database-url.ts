import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/**
 * Where a new, empty store is: a schema of its own in the PostgreSQL that runs for the project `postgres`, gone when the
 * test ends.
 */
export async function newDatabaseUrl(): Promise<string | undefined> {
  const url = await newSchemaUrl();
  if (url !== undefined) onTestFinished(() => dropSchema(url));
  return url;
}

/** The same, gone when the run ends. */
export async function newSchemaUrl(): Promise<string | undefined> {
  const base = inject('databaseUrl');
  if (base === undefined) return undefined;
  const schema = `${inject('schemaPrefix')}${randomUUID().replaceAll('-', '')}`;
  await query(base, `create schema ${schema}`);
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

/** Drops the schema that a URL of ours is about. */
function dropSchema(url: string): Promise<void> {
  return query(
    url,
    "do $$ begin execute format('drop schema %I cascade', current_schema()); end $$",
  );
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
