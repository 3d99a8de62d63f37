import { hash } from 'node:crypto';
import type { BackgroundWork } from '../background-work.ts';
import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import { type AsOf, asOfNow, CommitMemo } from '../database/commit-memo.ts';
import type { Database } from '../database/database.ts';
import type { PublicUrl } from '../public-url.ts';
import { findSessionHolder, type SessionHolder, updateLastSeen } from './session-store.ts';

type Parts = {
  database: Database;
  clock: Clock;
  publicUrl: PublicUrl;
  idleDays: number;
  background: BackgroundWork;
};

/** When a session was last seen is known to the minute. */
const SEEN_EVERY_MS = 60 * 1000;

/** What a session is found by: the store never holds what the cookie does. */
export function hashSessionId(id: string): Buffer {
  return hash('sha256', id, 'buffer');
}

/** Whom sessions stand for as of the last commit, so that what any process ends is refused at the next request. */
export class SessionHolders {
  readonly publicUrl: PublicUrl;
  readonly #parts: Parts;
  readonly #holders = new CommitMemo<string, SessionHolder | undefined>();

  constructor(parts: Parts) {
    this.publicUrl = parts.publicUrl;
    this.#parts = parts;
  }

  /**
   * Undefined where there is no such session, or it has ended.
   *
   * @param asOf the state of the store, if the caller has looked at it.
   */
  async find(
    id: string,
    asOf: AsOf = asOfNow(this.#parts.database),
  ): Promise<SessionHolder | undefined> {
    const { database, clock, idleDays } = this.#parts;
    const idHash = hashSessionId(id);
    const holder = await this.#holders.get(asOf, idHash.toString('base64'), () =>
      findSessionHolder(database, idHash),
    );
    if (holder === undefined) return undefined;
    const nowMs = clock();
    const isOver = holder.expiresAt <= wireTime(nowMs);
    const isIdle = holder.lastSeenAt <= wireTime(nowMs - idleDays * DAY_MS);
    if (isOver || isIdle) return undefined;
    this.#see(holder, nowMs);
    return holder;
  }

  #see({ organization, token, lastSeenAt }: SessionHolder, nowMs: number): void {
    if (lastSeenAt > wireTime(nowMs - SEEN_EVERY_MS)) return;
    const { database, background } = this.#parts;
    background.add(() => updateLastSeen(database, organization.id, token, wireTime(nowMs)));
  }
}
