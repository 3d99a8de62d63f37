/** What the list of reports shows: all of it lives in the address. */
export type ReportsSearch = { q?: string; space?: string };

export function readReportsSearch(search: Record<string, unknown>): ReportsSearch {
  const read: ReportsSearch = {};
  if (typeof search.q === 'string' && search.q !== '') read.q = search.q;
  if (typeof search.space === 'string') read.space = search.space;
  return read;
}
