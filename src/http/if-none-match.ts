/**
 * Whether an If-None-Match header (RFC 9110, 13.1.2) names this ETag. Weak ETags compare like strong ones there, as
 * caches on the way may have weakened them.
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => {
    const given = part.trim();
    return given === '*' || given === etag || given === `W/${etag}`;
  });
}
