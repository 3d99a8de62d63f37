import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { openSqlite } from '../database/sqlite.ts';
import { CRAWLS_TABLE } from './crawl-store.ts';

/**
 * Where crawls are remembered: in PostgreSQL beside everything else, in a table that is not logged; with SQLite in a
 * file of their own that is never synced, so that sending a page waits neither for the disk nor for whoever is writing
 * to the store. A crash may lose them, and then a crawl goes on by numbers of rows.
 */
export async function openCrawlStore(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  database: Database,
): Promise<Database> {
  if (databaseUrl) return { ...database, close: async () => undefined };
  const crawls = openSqlite(join(dataDir, 'crawls.sqlite'), { synchronous: 'off' });
  await crawls.run(CRAWLS_TABLE);
  return crawls;
}
