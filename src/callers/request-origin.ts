import { ApiError } from '../errors.ts';
import type { PublicUrl } from '../public-url.ts';
import type { RequestHead } from './session-cookie.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends the cookie along with whatever a page makes it send, so what changes something has to come from a page
 * of our own: browsers say where a request comes from, in Sec-Fetch-Site or, over plain http, in Origin. Who says
 * neither is no browser, and sends an API token instead.
 *
 * @throws ApiError forbidden where it comes from elsewhere, or does not say.
 */
export function requireOwnPage(request: RequestHead, publicUrl: PublicUrl): void {
  if (SAFE_METHODS.has(request.method) || comesFromOwnPage(request, publicUrl)) return;
  throw new ApiError(
    'forbidden',
    'A session can only make changes from a page of this server.',
    'Use an API token in programs. If this is a page of this server, its proxy has to pass on Host, or ROLLCALL_PUBLIC_URL ' +
      'has to be the address shown in the browser.',
  );
}

function comesFromOwnPage({ headers, host }: RequestHead, publicUrl: PublicUrl): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  // The scheme is not compared: a proxy that ends TLS hides it, and over https there is Sec-Fetch-Site.
  const from = new URL(origin).host;
  return from === host || from === publicUrl?.host;
}
