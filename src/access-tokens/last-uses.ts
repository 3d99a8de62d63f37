import type { BackgroundWork } from '../background-work.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { updateLastUsed } from './access-token-store.ts';

const EVERY_MS = 60 * 1000;
const MAX_KNOWN = 10_000;

/** Writes down when tokens are used: once a minute for each, after the answer, so that nobody waits for it. */
export class LastUses {
  readonly #parts: { database: Database; clock: Clock; background: BackgroundWork };
  readonly #notedMs = new Map<string, number>();

  constructor(parts: { database: Database; clock: Clock; background: BackgroundWork }) {
    this.#parts = parts;
  }

  note(organizationId: number, token: string): void {
    const { database, clock, background } = this.#parts;
    const nowMs = clock();
    const notedMs = this.#notedMs.get(token);
    if (notedMs !== undefined && nowMs - notedMs < EVERY_MS) return;
    if (this.#notedMs.size >= MAX_KNOWN) this.#notedMs.clear();
    this.#notedMs.set(token, nowMs);
    background.add(() => updateLastUsed(database, organizationId, token, wireTime(nowMs)));
  }
}
