import type { RequestHead } from '../callers/session-cookie.ts';
import { ApiError, quoted } from '../errors.ts';
import { baseUrlOf, type PublicUrl } from '../public-url.ts';

/** Where the pages are, as the browser that asks sees it. @throws ApiError bad_request where its Host is none. */
export function ownUrl(
  { protocol, host }: Pick<RequestHead, 'protocol' | 'host'>,
  publicUrl: PublicUrl,
): string {
  if (publicUrl) return baseUrlOf(publicUrl);
  const url = `${protocol}://${host}`;
  if (URL.canParse(url)) return new URL(url).origin;
  throw new ApiError('bad_request', `The Host header is ${quoted(host)}, which is not a host.`);
}
