import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { asOfNow } from '../database/commit-memo.ts';
import { type Database, StoreFaultError } from '../database/database.ts';
import { openSqlite } from '../database/sqlite.ts';
import { HeadWatch } from '../inventory/head-watch.ts';
import { basePathOf } from '../public-url.ts';
import { storageFaultOf } from '../storage-fault.ts';
import { PAGE_ENDS_TABLE } from './crawl-store.ts';
import { Crawls } from './crawls.ts';
import { ListFiles } from './list-files.ts';
import type { Moment } from './moment.ts';
import { PageAnswers } from './page-answers.ts';
import { PageCache } from './page-cache.ts';
import { Pages, type PagesParts } from './pages.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  onServed: PagesParts['onServed'];
  /** Told of what keeps pages from being all that they are, while they are sent all the same. */
  note: (error: Error) => void;
};

/** What the lists are read from, what says that they have changed, and what answers a request for a page of one. */
export type OpenPages = {
  listFiles: ListFiles;
  heads: HeadWatch;
  pageAnswers: PageAnswers;
  close(): Promise<void>;
};

/** The pages of the lists, as the configuration wants them kept. */
export async function openPages(
  config: Pick<Config, 'dataDir' | 'databaseUrl' | 'cacheMegabytes' | 'mapFiles' | 'publicUrl'>,
  { database, authentication, clock, onServed, note }: Parts,
): Promise<OpenPages> {
  const listFiles = new ListFiles(database, join(config.dataDir, 'lists'), { note });
  const crawlStore = await openCrawlStore(config, database);
  const crawls = new Crawls(crawlStore, clock, note);
  const cache = new PageCache(config.cacheMegabytes * 1_000_000);
  const pages = new Pages({
    listFiles,
    crawls,
    cache,
    onServed,
    basePath: basePathOf(config.publicUrl),
    mapFiles: config.mapFiles,
  });
  const look = (): Moment => {
    const [store, crawling] = [asOfNow(database), asOfNow(crawlStore)];
    const isSeen = store !== undefined && crawling !== undefined;
    const all = isSeen ? store + crawling + listFiles.repairs : undefined;
    return { store, crawls: crawling, all };
  };
  return {
    listFiles,
    heads: new HeadWatch(database),
    pageAnswers: new PageAnswers({ pages, authentication, look }),
    async close() {
      listFiles.close();
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
  const path = join(dataDir, 'crawls.sqlite');
  return openCrawls(path).catch((error) => {
    if (storageFaultOf(error) !== 'store_damaged') throw error;
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    return openCrawls(path);
  });
}

/** @throws StoreFaultError `store_damaged` where the file is to be thrown away. */
async function openCrawls(path: string): Promise<Database> {
  const crawls = openSqlite(path, { synchronous: 'off' });
  try {
    await crawls.run(PAGE_ENDS_TABLE);
    const [problem] = await crawls.check();
    if (problem !== undefined) throw new StoreFaultError('store_damaged', problem);
    return crawls;
  } catch (error) {
    await crawls.close();
    throw error;
  }
}
