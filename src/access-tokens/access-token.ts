import { type Clock, parseTime, wireTime } from '../clock.ts';
import { quoted, UserError } from '../errors.ts';
import type { Identifiers } from '../identifiers.ts';

/** `api` tokens speak to the REST API (Basic), `signature` tokens to the Discovery API (Bearer). */
export type AccessTokenKind = 'api' | 'signature';

/** What the audit log calls a kind. */
export const auditKind = (kind: AccessTokenKind) => `${kind}_token` as const;

/** An access token as it is stored: no secret, only its hash. */
export type AccessToken = {
  token: string;
  kind: AccessTokenKind;
  /** The member it belongs to; null for a signature token of the organization itself. */
  memberSlot: number | null;
  name: string;
  secretHash: Uint8Array;
  createdAt: string;
  expiresAt: string | null;
};

/** How long the name of an access token may be, in characters. */
export const TOKEN_NAME_LENGTH = { minLength: 4, maxLength: 64 } as const;

/** @throws UserError for a name that is too short or too long. */
export function checkTokenName(name: string): string {
  const { minLength, maxLength } = TOKEN_NAME_LENGTH;
  const length = [...name].length;
  if (length >= minLength && length <= maxLength) return name;
  throw new UserError(
    `The token's name is ${quoted(name)}; it must have ${minLength} to ${maxLength} characters.`,
  );
}

/** What a caller of the REST API sends as Basic user name and password. */
export type ApiCredential = { token: string; secret: string };

/** The three parts of a Discovery credential; see `bearerOf`. */
export type SignatureCredential = { token: string; accessKey: string; accessSecret: string };

/** A new API credential, to be shown once. */
export function newApiCredential(identifiers: Identifiers): ApiCredential {
  return { token: identifiers.token(), secret: identifiers.secret() };
}

/** A new Discovery credential, to be shown once. Key and secret have 24 hexadecimal digits each, as documented. */
export function newSignatureCredential(identifiers: Identifiers): SignatureCredential {
  const digits = identifiers.secret();
  return {
    token: identifiers.token(),
    accessKey: digits.slice(0, 24),
    accessSecret: digits.slice(24, 48),
  };
}

/** The whole value of the Authorization header for a Discovery credential. */
export function bearerOf({ token, accessKey, accessSecret }: SignatureCredential): string {
  return `Bearer ${Buffer.from(`${token}:${accessKey}:${accessSecret}`).toString('base64')}`;
}

/** The whole value of the Authorization header for an API credential. */
export function basicOf({ token, secret }: ApiCredential): string {
  return `Basic ${Buffer.from(`${token}:${secret}`).toString('base64')}`;
}

const EXPIRY = /^[\d-]{10}T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$/;

/**
 * The wire form of a time of expiry in any form that clients of the Discovery API send: `2026-10-02T21:00Z`,
 * `2026-10-02T21:00:00+0000`, `2026-10-02T21:00:30.584520+00:00`. Undefined where it is none of them.
 */
export function parseExpiry(text: string): string | undefined {
  const timeMs = EXPIRY.test(text) ? parseTime(text) : undefined;
  return timeMs === undefined ? undefined : wireTime(timeMs);
}

/** The wire form of a time of expiry that is to come, or what is wrong with it: the end of a sentence that names it. */
export function parseFutureExpiry(
  text: string,
  nowMs: number,
): { expiresAt: string } | { problem: string } {
  const expiresAt = parseExpiry(text);
  if (expiresAt === undefined) {
    const problem = 'it must be an ISO 8601 time with a time zone, such as 2026-10-02T21:00Z.';
    return { problem: `${quoted(text)}; ${problem}` };
  }
  if (expiresAt <= wireTime(nowMs)) {
    return { problem: `${quoted(text)}, which is in the past; it must be in the future.` };
  }
  return { expiresAt };
}

/** @throws UserError for a time of expiry that is none, or past. */
export function checkExpiry(text: string, clock: Clock): string {
  const parsed = parseFutureExpiry(text, clock());
  if ('problem' in parsed) throw new UserError(`The expiration time is ${parsed.problem}`);
  return parsed.expiresAt;
}
