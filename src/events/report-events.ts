import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import type { Head } from '../inventory/head-store.ts';
import type { HeadWatch } from '../inventory/head-watch.ts';
import { canSee } from '../spaces/space-access.ts';
import { findSpaceOwners } from '../spaces/space-owner-store.ts';
import { type ChangedReport, listReportChanges, type ReportChanges } from './event-store.ts';

/** An event: tokens of reports that the listener can see. */
export type ReportsEvent = {
  /** Reports that were created, changed, archived, deleted, viewed or run. */
  reports: string[];
  /** Reports with a requested run. */
  runs: string[];
  /** Reports with a saved draft. */
  drafts: string[];
  /** Whether more happened than is listed: anything read before can be out of date. */
  more: boolean;
};

export type Listener = {
  isAdmin: boolean;
  /** Null for a credential without a member. */
  memberSlot: number | null;
  /** The access changes of the organization when the listener was admitted. */
  access: number;
  send(event: ReportsEvent): void;
  /** Ends the stream: access changed, so the listener has to be admitted again. */
  end(): void;
};

/** The most reports of one kind that an event lists. */
const MAX_LISTED = 200;
const RETRY_MS = 1_000;

/**
 * Sends events to listeners when something happens in reports, in any process. The load on the store does not grow with the
 * number of listeners.
 */
export class ReportEvents {
  readonly #database: Database;
  readonly #heads: HeadWatch;
  readonly #audiences = new Map<number, Audience>();

  constructor(database: Database, heads: HeadWatch) {
    this.#database = database;
    this.#heads = heads;
  }

  /**
   * Resolves when everything that happens from then on will be sent, until the signal is aborted.
   *
   * @throws the error of the store if it cannot be read.
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

/** The listeners of one organization. */
class Audience {
  readonly #database: Database;
  readonly #listeners = new Set<Listener>();
  readonly #isReady = Promise.withResolvers<void>();
  readonly #stop: () => void;
  /** The head up to which everything was sent, and the latest known one. */
  #delivered: Head | undefined;
  #latest: Head | undefined;
  #isDelivering = false;

  constructor(database: Database, heads: HeadWatch, organizationId: number) {
    this.#database = database;
    this.#stop = heads.follow(organizationId, (head) => {
      if (head instanceof Error) return this.#isReady.reject(head);
      this.#latest = head;
      this.#delivered ??= head;
      this.#isReady.resolve();
      void this.#deliver();
    });
  }

  async join(listener: Listener): Promise<void> {
    this.#listeners.add(listener);
    await this.#isReady.promise;
    if (this.#delivered?.access !== listener.access) this.#end(listener);
  }

  /** Returns whether the last listener left. */
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

  async #deliver(): Promise<void> {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (
      this.#delivered &&
      this.#latest &&
      this.#delivered !== this.#latest &&
      this.#listeners.size > 0
    ) {
      const [after, upTo] = [this.#delivered, this.#latest];
      for (const listener of this.#listeners)
        if (listener.access !== upTo.access) this.#end(listener);
      try {
        const { organizationId } = upTo;
        const between = { after, upTo, limit: MAX_LISTED };
        const changes = await listReportChanges(this.#database, organizationId, between);
        const ownSpaces = await this.#ownSpacesIn(organizationId, changes);
        for (const listener of this.#listeners) sendTo(listener, changes, ownSpaces);
        this.#delivered = upTo;
      } catch {
        // Requests report the fault of the store. Nothing is skipped: the same changes are read again.
        await sleep(RETRY_MS, undefined, { ref: false });
      }
    }
    this.#isDelivering = false;
  }

  /** The personal spaces of the changed reports, by the slots of their owners. */
  async #ownSpacesIn(
    organizationId: number,
    { changed, runs, drafts }: ReportChanges,
  ): Promise<ReadonlyMap<number, number>> {
    const spaces = [...changed, ...runs, ...drafts].flatMap(({ personal, space }) =>
      personal && space !== null ? [space] : [],
    );
    const owners = await findSpaceOwners(this.#database, organizationId, [...new Set(spaces)]);
    return new Map([...owners].map(([space, member]) => [member, space]));
  }
}

/** Sends a listener the changes that it can see, if any. */
function sendTo(
  { isAdmin, memberSlot, send }: Listener,
  changes: ReportChanges,
  ownSpaces: ReadonlyMap<number, number>,
): void {
  const ownSpace = memberSlot === null ? undefined : ownSpaces.get(memberSlot);
  const shown = (some: readonly ChangedReport[]) =>
    some.filter((report) => canSee({ isAdmin, ownSpace }, report)).map(({ token }) => token);
  const { changed, runs, drafts, more } = changes;
  const event = { reports: shown(changed), runs: shown(runs), drafts: shown(drafts), more };
  if (more || [event.reports, event.runs, event.drafts].some(({ length }) => length > 0))
    send(event);
}
