import { setTimeout as sleep } from 'node:timers/promises';
import { type AsOf, asOfNow } from '../database/commit-memo.ts';
import type { Database } from '../database/database.ts';
import { type Head, listHeads } from './head-store.ts';

/** Gets the head of an organization, or the error if it cannot be read. */
type Follower = (head: Head | Error) => void;

/**
 * Notifies followers of an organization when it changes, in any process. It reads the store four times a second, once for all
 * organizations and followers, and not at all while the store reports no commits.
 */
export class HeadWatch {
  readonly #store: Pick<Database, 'everywhere' | 'commits'>;
  readonly #everyMs: number;
  /** By the organization's number. */
  readonly #followed = new Map<number, { followers: Set<Follower>; head: Head | undefined }>();
  #isLooking = false;
  /** The state of the store that was read last. */
  #asOf: AsOf;

  constructor(store: Pick<Database, 'everywhere' | 'commits'>, { everyMs = 250 } = {}) {
    this.#store = store;
    this.#everyMs = everyMs;
  }

  /** Calls the follower with the organization's head, and again whenever it changes. Returns a function that ends it. */
  follow(organizationId: number, follower: Follower): () => void {
    const { followers, head } = this.#entryOf(organizationId);
    followers.add(follower);
    if (head) follower(head);
    void this.#look();
    return () => {
      followers.delete(follower);
      if (followers.size === 0) this.#followed.delete(organizationId);
    };
  }

  /**
   * Resolves once the organization has a change after this position, or the signal is aborted.
   *
   * @throws the error of the store if it cannot be read.
   */
  async changeAfter(organizationId: number, position: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = this.follow(organizationId, (head) => {
      if (head instanceof Error) reject(head);
      else if (head.position > position) resolve();
    });
    const end = () => resolve();
    signal.addEventListener('abort', end);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', end);
      stop();
    }
  }

  #entryOf(organizationId: number) {
    const known = this.#followed.get(organizationId);
    if (known) return known;
    const entry = { followers: new Set<Follower>(), head: undefined };
    this.#followed.set(organizationId, entry);
    this.#asOf = undefined;
    return entry;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    while (this.#followed.size > 0) {
      await sleep(this.#everyMs, undefined, { ref: false });
      // The store can be closed once the last follower has left.
      if (this.#followed.size === 0) break;
      try {
        const asOf = asOfNow(this.#store);
        if (asOf !== undefined && asOf === this.#asOf) continue;
        this.#asOf = asOf;
        const heads = await listHeads(this.#store, [...this.#followed.keys()]);
        for (const head of heads) this.#notify(head);
      } catch (error) {
        this.#asOf = undefined;
        for (const { followers } of this.#followed.values())
          for (const follower of [...followers]) follower(error as Error);
      }
    }
    this.#isLooking = false;
  }

  #notify(head: Head): void {
    const entry = this.#followed.get(head.organizationId);
    if (entry === undefined || isSame(entry.head, head)) return;
    entry.head = head;
    for (const follower of [...entry.followers]) follower(head);
  }
}

function isSame(a: Head | undefined, b: Head): boolean {
  return a !== undefined && (Object.keys(b) as (keyof Head)[]).every((key) => a[key] === b[key]);
}
