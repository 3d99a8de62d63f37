import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** The one place that new identifiers and secrets come from, so that a test can fix it. */
export type Identifiers = {
  /** A public token of a thing: 12 lower-case hexadecimal digits, as in the Discovery API's examples. */
  token(): string;
  /** A secret of 192 random bits: 48 lower-case hexadecimal digits. */
  secret(): string;
  /** A secret of 256 random bits for a session or a sign-in link: 64 lower-case hexadecimal digits. */
  longSecret(): string;
};

export const randomIdentifiers: Identifiers = {
  token: () => randomBytes(6).toString('hex'),
  secret: () => randomBytes(24).toString('hex'),
  longSecret: () => randomBytes(32).toString('hex'),
};

/**
 * Numbers of things made in Rollcall are from here on, so that an inventory imported later keeps its own
 * numbers without a clash.
 */
export const FIRST_OWN_ID = 1_000_000_000;

/** Within 31 bits, which clients in other languages may count on. */
export const LAST_OWN_ID = 2 ** 31 - 1;

/**
 * Where the numbers of a new organization begin: each somewhere else, so that those of one can be imported into
 * another. A hundred million at least are left.
 */
export function newFirstOwnId(): number {
  return randomInt(FIRST_OWN_ID, 2 * FIRST_OWN_ID);
}

/** What a request is called that came without a name. */
export function newRequestId(): string {
  return randomUUID();
}
