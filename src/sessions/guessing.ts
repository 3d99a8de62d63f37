import { hash } from 'node:crypto';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { countTry, forgetTries, uncountTry } from './sign-in-try-store.ts';

const WINDOW_MS = 15 * 60 * 1000;

/** How many tries may fail within a window: for one account from anywhere, and from one address for any account. */
export const MOST_TRIES = { account: 10, address: 30 } as const;

/** Somebody has tried too often. It is said before the password is looked at, and of every account alike. */
class TooManyTriesError extends ApiError {
  constructor(seconds: number) {
    super(
      'too_many_requests',
      'Too many sign-ins have failed for this account or from this address.',
      `Try again in ${Math.ceil(seconds / 60)} min, or ask an admin for a sign-in link.`,
      { retryAfterSeconds: seconds },
    );
  }
}

type Parts = { database: Database; clock: Clock };
type Try = { email: string; address: string };

/**
 * Lets somebody try a password, so many times. A try counts before it is known whether it is good: of those that come at
 * once, none is too many.
 *
 * @returns what is to be called where it was good: good tries count for nothing, whoever else comes from the address.
 * @throws TooManyTriesError
 */
export async function beginTry(
  { database, clock }: Parts,
  { email, address }: Try,
): Promise<() => Promise<void>> {
  const nowMs = clock();
  const window = { now: wireTime(nowMs), endsAt: wireTime(nowMs + WINDOW_MS) };
  const account = subjectHash('account', email);
  const place = subjectHash('address', networkOf(address));
  const [ofAccount, ofAddress] = await database.transaction(async (queries) => [
    await countTry(queries, account, window),
    await countTry(queries, place, window),
  ]);
  const exhausted = [
    ofAccount.tries > MOST_TRIES.account ? ofAccount.endsAt : '',
    ofAddress.tries > MOST_TRIES.address ? ofAddress.endsAt : '',
  ].toSorted();
  const endsAt = exhausted.at(-1);
  if (endsAt) throw new TooManyTriesError(Math.ceil((Date.parse(endsAt) - nowMs) / 1000));
  return () =>
    database.transaction(async (queries) => {
      await forgetTries(queries, account);
      await uncountTry(queries, place);
    });
}

function subjectHash(kind: 'account' | 'address', subject: string): Buffer {
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
