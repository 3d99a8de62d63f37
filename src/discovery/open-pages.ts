import { join } from 'node:path';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import { openSqlite } from '../database/sqlite.ts';
import { AskedAgain } from './asked-again.ts';
import { CRAWLS_TABLE } from './crawl-store.ts';
import { Crawls } from './crawls.ts';
import { type GivenPage, PageAnswers } from './page-answers.ts';
import { PageCache } from './page-cache.ts';
import { Pages, type PagesParts } from './pages.ts';
import { Projections } from './projections.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  onServed: PagesParts['onServed'];
};

/** What the lists are read from, and what answers a request for a page of one. */
export type OpenPages = {
  projections: Projections;
  pageAnswers: PageAnswers;
  close(): Promise<void>;
};

/** The pages of the lists, as the configuration wants them kept. */
export async function openPages(
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'cacheMegabytes'>,
  { database, authentication, clock, onServed }: Parts,
): Promise<OpenPages> {
  const projections = new Projections(database, join(config.dataDir, 'lists'));
  const crawlStore = await openCrawlStore(config, database);
  const crawls = new Crawls(crawlStore, clock);
  const cache = new PageCache(config.cacheMegabytes * 1_000_000);
  const pages = new Pages({ projections, crawls, cache, onServed });
  const askedAgain = new AskedAgain<GivenPage>([database, crawlStore], clock);
  return {
    projections,
    pageAnswers: new PageAnswers({ pages, authentication, askedAgain }),
    async close() {
      projections.close();
      await crawlStore.close();
    },
  };
}

/**
 * Where crawls are remembered: in PostgreSQL beside everything else, in a table that is not logged; with SQLite in a
 * file of their own that is never synced, so that sending a page waits neither for the disk nor for whoever is writing
 * to the store. A crash may lose them, and then a crawl goes on by numbers of rows.
 */
async function openCrawlStore(
  { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>,
  database: Database,
): Promise<Database> {
  if (databaseUrl) return { ...database, close: async () => undefined };
  const crawls = openSqlite(join(dataDir, 'crawls.sqlite'), { synchronous: 'off' });
  await crawls.run(CRAWLS_TABLE);
  return crawls;
}
