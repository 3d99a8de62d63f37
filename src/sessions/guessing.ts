import { hash } from 'node:crypto';
import { type Clock, wireTime } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { browserOf } from './known-browser.ts';
import { isKnownBrowser } from './known-browser-store.ts';
import { countTry, forgetTries, uncountTry } from './sign-in-try-store.ts';

const WINDOW_MS = 15 * 60 * 1000;

/**
 * How many tries may fail within a window: for one account from one address, from one address for any account, and for one
 * account from all addresses; in a browser where somebody has signed in to the account before, or in a session, by itself.
 */
export const MOST_TRIES = { accountFromAddress: 10, address: 30, account: 100, own: 10 } as const;

/** Somebody has tried too often. It is said before the password is looked at, and of every account alike. */
class TooManyAttemptsError extends ApiError {
  constructor(seconds: number) {
    super(
      'too_many_requests',
      'Too many sign-ins have failed for this account or from this address.',
      `Try again in ${Math.ceil(seconds / 60)} min, use a browser in which you have signed in before, or ask an admin for a sign-in link.`,
      { retryAfterSeconds: seconds },
    );
  }
}

type Parts = { database: Database; clock: Clock };

/** Who tries: somebody in a browser, with the secret by which it may be known, or who has a session already. */
export type Try =
  | { email: string; address: string; browser: string | undefined }
  | { session: string };

/** What a try counts for, how often it may, and whether one that was good forgets those before it. */
type Counter = { hash: Buffer; most: number; isOwn: boolean };

/**
 * Lets somebody try a password, so many times. A try counts before it is known whether it is good: of those that come at
 * once, none is too many. What strangers try does not count for the browsers in which the owner has signed in before, so
 * that it cannot shut the owner out.
 *
 * @returns what is to be called where it was good: good tries count for nothing, whoever else comes from the address.
 * @throws TooManyAttemptsError
 */
export async function beginAttempt(
  { database, clock }: Parts,
  given: Try,
): Promise<() => Promise<void>> {
  const nowMs = clock();
  const window = { now: wireTime(nowMs), endsAt: wireTime(nowMs + WINDOW_MS) };
  const { counters, endsAt } = await database.transaction(async (store) => {
    const counters = await countersOf(store, given, window.now);
    for (const { hash, most } of counters) {
      const { tries, endsAt } = await countTry(store, hash, window);
      // What is refused does not count for the next: one address uses up no more of an account than its own share.
      if (tries > most) return { counters, endsAt };
    }
    return { counters, endsAt: undefined };
  });
  if (endsAt) throw new TooManyAttemptsError(Math.ceil((Date.parse(endsAt) - nowMs) / 1000));
  return () =>
    database.transaction(async (store) => {
      for (const { hash, isOwn } of counters) {
        if (isOwn) await forgetTries(store, hash);
        else await uncountTry(store, hash);
      }
    });
}

async function countersOf(store: Store, given: Try, now: string): Promise<Counter[]> {
  const { accountFromAddress, address: fromAddress, account: ofAccount, own } = MOST_TRIES;
  if ('session' in given)
    return [{ hash: subjectHash('session', given.session), most: own, isOwn: true }];
  const { email, address, browser } = given;
  if (browser !== undefined) {
    const known = browserOf(email, browser);
    if (await isKnownBrowser(store, known, now)) {
      const both = Buffer.concat([known.browserHash, known.accountHash]).toString('hex');
      return [{ hash: subjectHash('browser', both), most: own, isOwn: true }];
    }
  }
  const network = networkOf(address);
  return [
    { hash: subjectHash('address', network), most: fromAddress, isOwn: false },
    { hash: subjectHash('pair', `${network} ${email}`), most: accountFromAddress, isOwn: true },
    { hash: subjectHash('account', email), most: ofAccount, isOwn: false },
  ];
}

function subjectHash(
  kind: 'account' | 'address' | 'pair' | 'browser' | 'session',
  subject: string,
): Buffer {
  return hash('sha256', `${kind} ${subject}`, 'buffer');
}

/** An address as it is counted: of IPv6 the first half, since everybody has all addresses of the second. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(':')) return address;
  const [start = '', end] = address.split('%')[0]?.split('::') ?? [];
  const groups = start === '' ? [] : start.split(':');
  const last = end === undefined || end === '' ? [] : end.split(':');
  const zeros = end === undefined ? 0 : 8 - groups.length - last.length;
  return [...groups, ...Array<string>(Math.max(zeros, 0)).fill('0'), ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
