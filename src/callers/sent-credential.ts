import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sessionIdsIn } from './session-cookie.ts';

/** A credential as it was sent. It has one form only: `encoded` differs where the credential does. */
type SentCredential = { scheme: string; encoded: string; text: string };

/** What an Authorization header holds; undefined where it is malformed. */
export function credentialIn(header: string | undefined): SentCredential | undefined {
  const match = /^([A-Za-z]+) +([A-Za-z0-9+/]+=*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, scheme = '', encoded = ''] = match;
  const decoded = Buffer.from(encoded, 'base64');
  if (decoded.toString('base64') !== encoded) return undefined;
  const text = decoded.toString('latin1');
  // What is handed out is plain text; PostgreSQL would not even look for a zero byte.
  return /^[\x20-\x7e]*$/.test(text) ? { scheme: scheme.toLowerCase(), encoded, text } : undefined;
}

/**
 * Who sends a credential, by its hash; it may be the cookie of a session. Undefined where there is none, or several, of
 * which all but one would be made up.
 */
export function senderOf({ cookie, authorization }: IncomingHttpHeaders): string | undefined {
  const [session, ...others] = sessionIdsIn(cookie);
  const credential =
    credentialIn(authorization)?.encoded ?? (others.length === 0 ? session : undefined);
  if (credential === undefined) return undefined;
  return createHash('sha256').update(credential).digest('base64');
}
