import type { Clock } from '../clock.ts';
import { type AsOf, asOfNow, CommitMemo } from '../database/commit-memo.ts';
import { type Database, StoreBusyError } from '../database/database.ts';
import {
  type CrawlKey,
  deletePageEndsBefore,
  findPageEnds,
  type StoredEnds,
  savePageEnds,
} from './crawl-store.ts';
import {
  boundsOf,
  PATIENCE_MS,
  type PageBounds,
  type PageEnd,
  type SentPageEnd,
  withPage,
} from './page-ends.ts';

/** How often an end is noted again because others were noted meanwhile. */
const MAX_ATTEMPTS = 50;
const MAX_UNNOTED = 10_000;
const MAX_REMEMBERED = 1_000;

/**
 * What makes page after page complete while rows are deleted: a page begins where the page before it ended, for the same
 * access token, and not at a number of rows. Kept where every server sees it.
 */
export class Crawls {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #onUnnoted: (error: Error) => void;
  readonly #found = new CommitMemo<string, StoredEnds>();
  /** What was found or noted last, which mostly is what is there. */
  readonly #last = new Map<string, StoredEnds>();
  /** Ends that could not be noted where every server sees them. */
  readonly #unnoted = new Map<string, readonly PageEnd[]>();

  /** @param onUnnoted told of what kept an end from being noted or looked up. */
  constructor(database: Database, clock: Clock, onUnnoted: (error: Error) => void) {
    this.#database = database;
    this.#clock = clock;
    this.#onUnnoted = onUnnoted;
  }

  /**
   * What is known of the crawls that a page may belong to.
   *
   * @param asOf the state of the store that holds the crawls.
   */
  async stepTo(
    organizationId: number,
    key: CrawlKey,
    { page, asOf }: { page: number; asOf: AsOf },
  ): Promise<CrawlStep> {
    const known = await this.#find(organizationId, key, asOf);
    return { known, bounds: page === 1 ? undefined : boundsOf(known.ends, page, this.#clock()) };
  }

  /**
   * Notes where a page of a crawl ended, before the page is sent. A page is sent even if that cannot be noted: then this
   * server alone remembers it, and to others the crawl continues by numbers of rows.
   */
  async note(
    organizationId: number,
    key: CrawlKey,
    { known }: CrawlStep,
    sent: SentPageEnd,
  ): Promise<void> {
    const name = nameOf(organizationId, key);
    let stored = known;
    for (let attempt = 1; ; attempt++) {
      const usedAtMs = this.#clock();
      const ends = withPage(stored.ends, sent, usedAtMs);
      if (ends === stored.ends) return;
      try {
        if (sent.page === 1)
          await deletePageEndsBefore(this.#database, organizationId, usedAtMs - PATIENCE_MS);
        const next = { ends, version: stored.version, usedAtMs };
        const before = asOfNow(this.#database);
        const version = await savePageEnds(this.#database, organizationId, key, next);
        if (version !== undefined) {
          this.#unnoted.delete(name);
          const now = { ends, version };
          this.#remember(name, now);
          this.#found.keepOver(before, asOfNow(this.#database), name, now);
          return;
        }
        if (attempt === MAX_ATTEMPTS)
          throw new StoreBusyError('Other processes prevented saving the end of a page.');
      } catch (error) {
        this.#onUnnoted(error as Error);
        if (this.#unnoted.size >= MAX_UNNOTED) this.#unnoted.clear();
        this.#unnoted.set(name, ends);
        return;
      }
      stored = await this.#find(organizationId, key, undefined);
    }
  }

  #remember(name: string, stored: StoredEnds): void {
    if (this.#last.size >= MAX_REMEMBERED) this.#last.clear();
    this.#last.set(name, stored);
  }

  async #find(organizationId: number, key: CrawlKey, asOf: AsOf): Promise<StoredEnds> {
    const name = nameOf(organizationId, key);
    const unnoted = this.#unnoted.get(name);
    try {
      const found = await this.#found.get(asOf, name, () =>
        findPageEnds(this.#database, organizationId, key, this.#last.get(name)),
      );
      this.#remember(name, found);
      return unnoted ? { ...found, ends: unnoted } : found;
    } catch (error) {
      this.#onUnnoted(error as Error);
      return { ends: unnoted ?? [], version: 0 };
    }
  }
}

function nameOf(organizationId: number, { crawler, list, view, perPage }: CrawlKey): string {
  return `${organizationId}/${crawler}/${list.number}/${view}/${perPage}`;
}

/** What was known when a page was requested. Without bounds, it begins at its number of rows; page 1 always does. */
export type CrawlStep = { known: StoredEnds; bounds: PageBounds | undefined };
