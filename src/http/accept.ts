/**
 * Whether an Accept header (RFC 9110, 12.5.1) asks for a media type by name, with a quality that is not 0, and for another
 * one no more than for it. What takes everything asks for nothing by name.
 *
 * @param otherwise what is sent if it does not.
 */
export function asksFor(
  accept: string | undefined,
  type: string,
  otherwise = 'application/json',
): boolean {
  if (accept === undefined) return false;
  const qualities = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    qualities.set(name, quality === undefined ? 1 : Number(quality) || 0);
  }
  const [group = ''] = otherwise.split('/');
  const wanted = qualities.get(type) ?? 0;
  const other =
    qualities.get(otherwise) ?? qualities.get(`${group}/*`) ?? qualities.get('*/*') ?? 0;
  return wanted > 0 && wanted >= other;
}
