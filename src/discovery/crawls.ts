import type { Clock } from '../clock.ts';
import { type AsOf, CommitMemo } from '../database/commit-memo.ts';
import type { Database } from '../database/database.ts';
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
const MAX_UNNOTED = 10_000;

/**
 * What makes page after page complete while rows are deleted: a page begins where the page before it ended, for the
 * same access token, and not at a number of rows. The slots of the pages of one crawl follow on each other without gap
 * or overlap, so that a row that is listed throughout comes exactly once. Kept where every server sees it.
 */
export class Crawls {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #onUnnoted: (error: Error) => void;
  readonly #found = new CommitMemo<string, Crawl | undefined>();
  /** Crawls that could not be noted where every server sees it. */
  readonly #unnoted = new Map<string, Crawl>();

  /** @param onUnnoted told of what kept a crawl from being noted or looked up. */
  constructor(database: Database, clock: Clock, onUnnoted: (error: Error) => void) {
    this.#database = database;
    this.#clock = clock;
    this.#onUnnoted = onUnnoted;
  }

  /**
   * The slot after which a page begins: where the page before it ended, if this is the next page of a crawl, or where
   * it began before, if it is asked for again. Undefined outside a crawl, where a page begins at its number of rows.
   *
   * @param asOf the state of the store that holds the crawls.
   */
  async startOf(
    organizationId: number,
    key: CrawlKey,
    { page, asOf }: { page: number; asOf: AsOf },
  ): Promise<CrawlStep> {
    const found = await this.#find(organizationId, key, asOf);
    const isAlive = found !== undefined && found.usedAtMs > this.#clock() - PATIENCE_MS;
    const crawl = isAlive ? found : undefined;
    if (page === 1) return { crawl, startSlot: 0 };
    if (crawl?.page === page - 1) return { crawl, startSlot: crawl.lastSlot };
    if (crawl?.page === page) return { crawl, startSlot: crawl.startSlot };
    return { crawl, startSlot: undefined };
  }

  /**
   * Remembers that a page of a crawl ended at a slot, before the page is sent. A page is sent even where that cannot be
   * noted: then this server alone remembers it, and to others the crawl goes on by numbers of rows.
   */
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
    const next = { page, startSlot, lastSlot, usedAtMs };
    try {
      if (page === 1)
        await deleteCrawlsBefore(this.#database, organizationId, usedAtMs - PATIENCE_MS);
      await saveCrawl(this.#database, organizationId, key, next);
      this.#unnoted.delete(nameOf(organizationId, key));
    } catch (error) {
      this.#onUnnoted(error as Error);
      if (this.#unnoted.size >= MAX_UNNOTED) this.#unnoted.clear();
      this.#unnoted.set(nameOf(organizationId, key), next);
    }
  }

  async #find(organizationId: number, key: CrawlKey, asOf: AsOf): Promise<Crawl | undefined> {
    const name = nameOf(organizationId, key);
    const unnoted = this.#unnoted.get(name);
    if (unnoted) return unnoted;
    try {
      return await this.#found.get(asOf, name, () =>
        findCrawl(this.#database, organizationId, key),
      );
    } catch (error) {
      this.#onUnnoted(error as Error);
      return undefined;
    }
  }
}

function nameOf(organizationId: number, { crawler, list, view, perPage }: CrawlKey): string {
  return `${organizationId}/${crawler}/${list.number}/${view}/${perPage}`;
}

/** Where a page stands in its crawl; `startSlot` is undefined outside one. */
export type CrawlStep = { crawl: Crawl | undefined; startSlot: number | undefined };
