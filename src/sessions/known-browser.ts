import { hash } from 'node:crypto';
import { DAY_MS, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import type { SessionOutside } from './begin-session.ts';
import { type KnownBrowser, saveKnownBrowser } from './known-browser-store.ts';

/** For how long a browser is known after the last sign-in in it. */
export const KNOWN_DAYS = 180;

/** A browser and an email as they are kept: by the secret of its cookie one finds neither the other. */
export function browserOf(email: string, secret: string): KnownBrowser {
  return {
    browserHash: hash('sha256', secret, 'buffer'),
    accountHash: hash('sha256', email, 'buffer'),
  };
}

/**
 * Remembers that somebody has signed in with an email in a browser, within a transaction.
 *
 * @param secret what the browser is known by, if it is.
 * @returns what its cookie is to hold. It opens nothing: guesses in the browser are counted by themselves, no more.
 */
export async function rememberBrowser(
  store: Store,
  { email, secret }: { email: string; secret: string | undefined },
  { clock, identifiers }: Pick<SessionOutside, 'clock' | 'identifiers'>,
): Promise<string> {
  const nowMs = clock();
  const kept = secret ?? identifiers.longSecret();
  await saveKnownBrowser(store, browserOf(email, kept), {
    now: wireTime(nowMs),
    endsAt: wireTime(nowMs + KNOWN_DAYS * DAY_MS),
  });
  return kept;
}
