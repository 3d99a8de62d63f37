import { orderFields, type ReportsSearch, shownKinds } from '../../api/report-list.ts';

/** What the list shows, as the address says it. */
export function readReportsSearch(search: Record<string, unknown>): ReportsSearch {
  const text = (name: string) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    q: text('q') ?? (typeof search.q === 'number' ? String(search.q) : undefined),
    space: text('space'),
    owner: text('owner'),
    state: text('state'),
    chart: text('chart'),
    favorites: search.favorites === true ? true : undefined,
    recent: search.recent === true ? true : undefined,
    show: shownKinds.find((kind) => kind === search.show),
    by: orderFields.find((field) => field === search.by),
    down: search.down === true ? true : undefined,
  };
}
