import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../database/database.ts';
import { getPosition } from './row-store.ts';

type Waiter = { position: number; resolve: () => void; reject: (error: Error) => void };

/**
 * Tells those who wait when an organization has changed, whichever process changed it: the store is asked a few times a
 * second, once for all who wait for the same organization.
 */
export class PositionWatch {
  readonly #queries: Store;
  readonly #everyMs: number;
  /** Those who wait, by the organization's number. */
  readonly #waiting = new Map<number, Set<Waiter>>();

  constructor(store: Store, { everyMs = 250 } = {}) {
    this.#queries = store;
    this.#everyMs = everyMs;
  }

  /**
   * Resolves once the organization has a change after this position, or the signal is aborted.
   *
   * @throws what the store throws where it cannot be asked.
   */
  async changeAfter(organizationId: number, position: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { position, resolve, reject };
    const waiting = this.#waiting.get(organizationId);
    if (waiting) waiting.add(waiter);
    else void this.#ask(organizationId, new Set([waiter]));
    const stop = () => resolve();
    signal.addEventListener('abort', stop);
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', stop);
      this.#waiting.get(organizationId)?.delete(waiter);
    }
  }

  async #ask(organizationId: number, waiters: Set<Waiter>): Promise<void> {
    this.#waiting.set(organizationId, waiters);
    for (;;) {
      await sleep(this.#everyMs, undefined, { ref: false });
      if (waiters.size === 0) break;
      try {
        const position = await getPosition(this.#queries, organizationId);
        for (const waiter of waiters) if (position > waiter.position) waiter.resolve();
      } catch (error) {
        for (const { reject } of waiters) reject(error as Error);
      }
    }
    this.#waiting.delete(organizationId);
  }
}
