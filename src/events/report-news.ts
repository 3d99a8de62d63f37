import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import type { Head } from '../inventory/head-store.ts';
import type { HeadWatch } from '../inventory/head-watch.ts';
import { canSee } from '../spaces/space-access.ts';
import { findSpaceOwners } from '../spaces/space-owner-store.ts';
import { listNews, type News, type ToldReport } from './news-store.ts';

/** What somebody is told: tokens of reports that the listener may see. */
export type Told = {
  /** Reports that were made, changed, archived, deleted, viewed, or ran. */
  reports: string[];
  /** Reports for which a run was asked. */
  runs: string[];
  /** Reports with a saved draft. */
  drafts: string[];
  /** Whether more happened than is listed: what is shown of any report may be old. */
  more: boolean;
};

export type Listener = {
  isAdmin: boolean;
  /** Null for a credential that belongs to nobody. */
  memberSlot: number | null;
  /** How often access had changed in the organization when the listener was admitted. */
  access: number;
  tell(told: Told): void;
  /** Who may know what has changed, so the listener is to be admitted again; nothing more is told. */
  end(): void;
};

/** Of more reports than these nobody is told one by one. */
const MOST_AT_ONCE = 200;
const AFTER_FAULT_MS = 1_000;

/**
 * Tells listeners in which reports something happens, in any process. What it asks of the store does not grow with the
 * number of listeners.
 */
export class ReportNews {
  readonly #database: Database;
  readonly #heads: HeadWatch;
  readonly #audiences = new Map<number, Audience>();

  constructor(database: Database, heads: HeadWatch) {
    this.#database = database;
    this.#heads = heads;
  }

  /**
   * Resolves once everything that happens from then on will be told, until the signal is aborted.
   *
   * @throws what the store throws if it cannot be asked.
   */
  async listen(organizationId: number, listener: Listener, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const known = this.#audiences.get(organizationId);
    const audience = known ?? new Audience(this.#database, this.#heads, organizationId);
    if (known === undefined) this.#audiences.set(organizationId, audience);
    const leave = () => {
      if (audience.leave(listener)) this.#audiences.delete(organizationId);
    };
    signal.addEventListener('abort', leave);
    try {
      await audience.join(listener);
    } catch (error) {
      leave();
      throw error;
    }
  }
}

/** Those who listen in one organization. */
class Audience {
  readonly #database: Database;
  readonly #listeners = new Set<Listener>();
  readonly #isReady = Promise.withResolvers<void>();
  readonly #stop: () => void;
  /** Up to where everything is told, and what is known to have happened. */
  #told: Head | undefined;
  #latest: Head | undefined;
  #isTelling = false;

  constructor(database: Database, heads: HeadWatch, organizationId: number) {
    this.#database = database;
    this.#stop = heads.follow(organizationId, (head) => {
      if (head instanceof Error) return this.#isReady.reject(head);
      this.#latest = head;
      this.#told ??= head;
      this.#isReady.resolve();
      void this.#tell();
    });
  }

  async join(listener: Listener): Promise<void> {
    this.#listeners.add(listener);
    await this.#isReady.promise;
    if (this.#told?.access !== listener.access) this.#end(listener);
  }

  /** Answers whether nobody is left. */
  leave(listener: Listener): boolean {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return false;
    this.#stop();
    return true;
  }

  #end(listener: Listener): void {
    this.#listeners.delete(listener);
    listener.end();
  }

  async #tell(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    while (this.#told && this.#latest && this.#told !== this.#latest && this.#listeners.size > 0) {
      const [after, upTo] = [this.#told, this.#latest];
      for (const listener of this.#listeners)
        if (listener.access !== upTo.access) this.#end(listener);
      try {
        const { organizationId } = upTo;
        const between = { after, upTo, limit: MOST_AT_ONCE };
        const news = await listNews(this.#database, organizationId, between);
        const ownSpaces = await this.#ownSpacesIn(organizationId, news);
        for (const listener of this.#listeners) tellOne(listener, news, ownSpaces);
        this.#told = upTo;
      } catch {
        // The store is in trouble, which those say who need it; nothing is passed over meanwhile.
        await sleep(AFTER_FAULT_MS, undefined, { ref: false });
      }
    }
    this.#isTelling = false;
  }

  /** The personal spaces in which something happened, by the slots of their owners. */
  async #ownSpacesIn(
    organizationId: number,
    { changed, runs, drafts }: News,
  ): Promise<ReadonlyMap<number, number>> {
    const spaces = [...changed, ...runs, ...drafts].flatMap(({ personal, space }) =>
      personal && space !== null ? [space] : [],
    );
    const owners = await findSpaceOwners(this.#database, organizationId, [...new Set(spaces)]);
    return new Map([...owners].map(([space, member]) => [member, space]));
  }
}

/** Tells a listener what the listener may see of it, if anything. */
function tellOne(
  { isAdmin, memberSlot, tell }: Listener,
  news: News,
  ownSpaces: ReadonlyMap<number, number>,
): void {
  const ownSpace = memberSlot === null ? undefined : ownSpaces.get(memberSlot);
  const shown = (some: readonly ToldReport[]) =>
    some.filter((report) => canSee({ isAdmin, ownSpace }, report)).map(({ token }) => token);
  const { changed, runs, drafts, more } = news;
  const told = { reports: shown(changed), runs: shown(runs), drafts: shown(drafts), more };
  if (more || [told.reports, told.runs, told.drafts].some(({ length }) => length > 0)) tell(told);
}
