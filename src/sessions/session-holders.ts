import { hash } from 'node:crypto';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { PublicUrl } from './session-cookie.ts';
import { findSessionHolder, type SessionHolder } from './session-store.ts';

type Parts = { database: Database; clock: Clock; publicUrl: PublicUrl; idleDays: number };

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a session is found by: the store never holds what the cookie does. */
export function hashSessionId(id: string): Buffer {
  return hash('sha256', id, 'buffer');
}

/** Whom sessions stand for. The store is asked each time, so what any process ends is refused at the next request. */
export class SessionHolders {
  readonly publicUrl: PublicUrl;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.publicUrl = parts.publicUrl;
    this.#parts = parts;
  }

  /** Undefined where there is no such session, or it was not used for too long. */
  async find(id: string): Promise<SessionHolder | undefined> {
    const { database, clock, idleDays } = this.#parts;
    const holder = await findSessionHolder(database, hashSessionId(id));
    if (holder === undefined) return undefined;
    const nowMs = clock();
    const idleSince = wireTime(nowMs - idleDays * DAY_MS);
    const isAlive = holder.expiresAt > wireTime(nowMs) && holder.lastSeenAt > idleSince;
    return isAlive ? holder : undefined;
  }
}
