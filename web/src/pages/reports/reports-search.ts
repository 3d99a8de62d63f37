/** What the list of reports shows: all of it lives in the address. */
export type ReportsSearch = { q?: string };

export function readReportsSearch(search: Record<string, unknown>): ReportsSearch {
  return typeof search.q === 'string' && search.q !== '' ? { q: search.q } : {};
}
