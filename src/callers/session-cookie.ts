import type { FastifyRequest } from 'fastify';
import { basePathOf, type PublicUrl } from '../public-url.ts';

/** What is asked of a request to find out about its session. */
export type RequestHead = Pick<FastifyRequest, 'headers' | 'method' | 'protocol' | 'host'>;

/**
 * What a cookie is for: a session, a browser in which somebody has signed in, or one way to an OpenID provider and back,
 * which is named after its state, so that several at once do not take each other's.
 */
type CookieKind = 'session' | 'browser' | `oidc-${string}`;

/**
 * What a cookie is called. Where it travels by https only, its name says so: a browser takes a cookie of such a name from
 * this very host alone, so that no other host of the same domain can plant one. Below a path it is sent there only, and
 * its name has the path, so that several servers of one host do not take each other's.
 */
function cookieName(kind: CookieKind, isSecure: boolean, publicUrl: PublicUrl): string {
  const basePath = basePathOf(publicUrl);
  const name = `rollcall-${kind}${basePath.replaceAll('/', '.')}`;
  if (!isSecure) return name;
  return basePath === '' ? `__Host-${name}` : `__Secure-${name}`;
}

/** Whether people reach the server by https, so that a cookie must not travel by anything else. */
function isSecure({ protocol }: Pick<RequestHead, 'protocol'>, publicUrl: PublicUrl): boolean {
  return protocol === 'https' || publicUrl?.protocol === 'https:';
}

/** What a cookie holds; undefined where there is none, or several. */
export function cookieIn(
  request: RequestHead,
  publicUrl: PublicUrl,
  kind: CookieKind,
): string | undefined {
  const start = `${cookieName(kind, isSecure(request, publicUrl), publicUrl)}=`;
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start));
  return found.length === 1 ? found[0]?.slice(start.length) : undefined;
}

/** The id of a session as its cookie holds it. */
export function sessionIdIn(request: RequestHead, publicUrl: PublicUrl): string | undefined {
  return secretIn(request, publicUrl, 'session');
}

/** What a browser is known by, in which somebody has signed in before. */
export function browserSecretIn(request: RequestHead, publicUrl: PublicUrl): string | undefined {
  return secretIn(request, publicUrl, 'browser');
}

function secretIn(
  request: RequestHead,
  publicUrl: PublicUrl,
  kind: 'session' | 'browser',
): string | undefined {
  const secret = cookieIn(request, publicUrl, kind);
  return secret !== undefined && /^[0-9a-f]{64}$/.test(secret) ? secret : undefined;
}

const SESSIONS =
  /(?<=^|;)\s*(?:__Host-|__Secure-)?rollcall-session(?:\.[\w.~-]+)?=([0-9a-f]{64})(?=\s*(?:;|$))/g;

/** The ids of all whole cookies of sessions, whichever name they have. */
export function sessionIdsIn(cookie = ''): string[] {
  return [...cookie.matchAll(SESSIONS)].map(([, id = '']) => id);
}

const JOURNEYS = /(?<=^|;)\s*(?:__Host-|__Secure-)?rollcall-oidc-([\w-]{43})(?:\.[\w.~-]+)?=/g;

/** The states of the ways to an OpenID provider that a browser has begun, in the order in which it sends them. */
export function journeyStatesIn(cookie = ''): string[] {
  return [...cookie.matchAll(JOURNEYS)].map(([, state = '']) => state);
}

/** The value of `Set-Cookie` that hands a cookie to a browser, or takes it away where `maxAgeSeconds` is 0. */
export function cookieOf(
  request: RequestHead,
  publicUrl: PublicUrl,
  { kind, value, maxAgeSeconds }: { kind: CookieKind; value: string; maxAgeSeconds: number },
): string {
  const secure = isSecure(request, publicUrl);
  return (
    `${cookieName(kind, secure, publicUrl)}=${value}; Path=${basePathOf(publicUrl) || '/'}; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax` +
    (secure ? '; Secure' : '')
  );
}
