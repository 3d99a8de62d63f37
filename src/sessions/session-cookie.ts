import type { FastifyRequest } from 'fastify';

/** What is asked of a request to find out about its session. */
export type RequestHead = Pick<FastifyRequest, 'headers' | 'method' | 'protocol' | 'host'>;

/** Where the server is reached, as far as it was told. */
export type PublicUrl = URL | undefined;

const NAME = 'rollcall-session';

/**
 * What the cookie is called. Where it travels by https only, its name says so: a browser takes a cookie of such a name
 * from this very host alone, so that no other host of the same domain can plant one.
 */
export function cookieName(isSecure: boolean): string {
  return isSecure ? `__Host-${NAME}` : NAME;
}

/** Whether people reach the server by https, so that the cookie must not travel by anything else. */
export function isSecure(
  { protocol }: Pick<RequestHead, 'protocol'>,
  publicUrl: PublicUrl,
): boolean {
  return protocol === 'https' || publicUrl?.protocol === 'https:';
}

/** The id of a session as its cookie holds it; undefined where there is none, or several. */
export function sessionIdIn(request: RequestHead, publicUrl: PublicUrl): string | undefined {
  const start = `${cookieName(isSecure(request, publicUrl))}=`;
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start));
  const [id] = found.map((pair) => pair.slice(start.length));
  return found.length === 1 && id !== undefined && /^[0-9a-f]{64}$/.test(id) ? id : undefined;
}

/** The value of `Set-Cookie` that hands a session's id to a browser, or takes it away where `maxAgeSeconds` is 0. */
export function sessionCookie(
  request: RequestHead,
  publicUrl: PublicUrl,
  { id, maxAgeSeconds }: { id: string; maxAgeSeconds: number },
): string {
  const secure = isSecure(request, publicUrl);
  return (
    `${cookieName(secure)}=${id}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax` +
    (secure ? '; Secure' : '')
  );
}
