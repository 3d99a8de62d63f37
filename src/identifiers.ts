import { randomBytes, randomUUID } from 'node:crypto';

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
 * Numbers of things made in Rollcall start here, so that an inventory imported later keeps its own
 * numbers without a clash. Within 31 bits, which clients in other languages may count on.
 */
export const FIRST_OWN_ID = 1_000_000_000;

/** What a request is called that came without a name. */
export function newRequestId(): string {
  return randomUUID();
}
