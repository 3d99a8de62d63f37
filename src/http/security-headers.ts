import type { RequestListener } from 'node:http';
import type { PublicUrl } from '../public-url.ts';

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** What is no page of ours loads nothing, runs nothing and is framed by nobody, if a browser opens it. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * What every answer tells a browser, names and values in turns; pages have a policy of their own. Where people reach the
 * server by https, they never do by http again: not its other ports, nor other hosts of its domain.
 */
export function securityHeaders(publicUrl: PublicUrl): string[] {
  const headers = ['content-security-policy', NOTHING, 'x-content-type-options', 'nosniff'];
  if (publicUrl?.protocol === 'https:')
    headers.push('strict-transport-security', `max-age=${YEAR_SECONDS}`);
  return headers;
}

/** Has every answer carry these headers, whoever makes it; names and values in turns. */
export function withHeaders(
  listener: RequestListener,
  headers: readonly string[],
): RequestListener {
  const pairs = Array.from({ length: headers.length / 2 }, (_, at) =>
    headers.slice(2 * at, 2 * at + 2),
  );
  return (request, response) => {
    for (const [name = '', value = ''] of pairs) response.setHeader(name, value);
    listener(request, response);
  };
}
