import { RollcallError } from './errors.ts';

/** The three parts of a signature token, in the words of the answer that shows them. */
export type SignatureCredential = { token: string; access_key: string; access_secret: string };

/** An API token and its secret. */
export type ApiToken = { token: string; secret: string };

/** The whole Authorization header for a signature token. */
export function bearerOf({ token, access_key, access_secret }: SignatureCredential): string {
  return `Bearer ${base64(`${token}:${access_key}:${access_secret}`)}`;
}

/** The whole Authorization header for an API token. */
export function basicOf({ token, secret }: ApiToken): string {
  return `Basic ${base64(`${token}:${secret}`)}`;
}

/**
 * The whole Authorization header for a bearer as people keep it: with or without the word, with the line end of the
 * file that it came from.
 *
 * @throws RollcallError invalid_option, which does not show the value: it may be most of a secret.
 */
export function bearerHeader(bearer: string): string {
  const match = /^(?:bearer +)?([A-Za-z0-9+/]+=*)$/i.exec(bearer.trim());
  if (match) return `Bearer ${match[1]}`;
  throw new RollcallError(
    'invalid_option',
    'The bearer is invalid; it must be "Bearer " and the Base64 of token:access_key:access_secret, or the Base64 alone.',
  );
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
