import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { Remembered } from '../database/remembered.ts';
import {
  type Crawl,
  type CrawlKey,
  deleteCrawlsBefore,
  findCrawl,
  saveCrawl,
} from './crawl-store.ts';

/** How long a crawler may think between two pages. */
const PATIENCE_MS = 60 * 60 * 1000;
/** A crawl that stands where it stood is written down again only after this. */
const REFRESH_MS = 60 * 1000;

/**
 * What makes page after page complete while rows are deleted: a page begins where the page before it ended, for the
 * same access token, and not at a number of rows. The slots of the pages of one crawl follow on each other without gap
 * or overlap, so that a row that is listed throughout comes exactly once. Kept where every server sees it.
 */
export class Crawls {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #found: Remembered<string, Crawl | undefined>;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#found = new Remembered(database);
    this.#clock = clock;
  }

  /**
   * The slot after which a page begins: where the page before it ended, if this is the next page of a crawl, or where
   * it began before, if it is asked for again. Undefined outside a crawl, where a page begins at its number of rows.
   */
  async startOf(organizationId: number, key: CrawlKey, page: number): Promise<CrawlStep> {
    const { crawler, list, view, perPage } = key;
    const found = await this.#found.get(
      `${organizationId}/${crawler}/${list.number}/${view}/${perPage}`,
      () => findCrawl(this.#database, organizationId, key),
    );
    const isAlive = found !== undefined && found.usedAtMs > this.#clock() - PATIENCE_MS;
    const crawl = isAlive ? found : undefined;
    if (page === 1) return { crawl, startSlot: 0 };
    if (crawl?.page === page - 1) return { crawl, startSlot: crawl.lastSlot };
    if (crawl?.page === page) return { crawl, startSlot: crawl.startSlot };
    return { crawl, startSlot: undefined };
  }

  /** Remembers that a page of a crawl ended at a slot, before the page is sent. */
  async advance(
    organizationId: number,
    key: CrawlKey,
    { page, step, lastSlot }: { page: number; step: CrawlStep; lastSlot: number | undefined },
  ): Promise<void> {
    const { crawl, startSlot } = step;
    if (startSlot === undefined || lastSlot === undefined) return;
    const usedAtMs = this.#clock();
    const isSame =
      crawl?.page === page && crawl.startSlot === startSlot && crawl.lastSlot === lastSlot;
    if (isSame && usedAtMs - crawl.usedAtMs < REFRESH_MS) return;
    if (page === 1)
      await deleteCrawlsBefore(this.#database, organizationId, usedAtMs - PATIENCE_MS);
    await saveCrawl(this.#database, organizationId, key, { page, startSlot, lastSlot, usedAtMs });
  }
}

/** Where a page stands in its crawl; `startSlot` is undefined outside one. */
export type CrawlStep = { crawl: Crawl | undefined; startSlot: number | undefined };
