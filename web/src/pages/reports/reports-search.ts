/** What the list of reports shows: all of it lives in the address. What is not said is not asked for. */
export type ReportsSearch = {
  q?: string | undefined;
  space?: string | undefined;
  owner?: string | undefined;
  state?: string | undefined;
  chart?: string | undefined;
  show?: Shown | undefined;
  by?: OrderField | undefined;
  down?: boolean | undefined;
};

/** Reports that want somebody's attention, or were put away. */
export const shownKinds = [
  'stale',
  'failing',
  'never_run',
  'never_viewed',
  'no_owner',
  'archived',
] as const;
export type Shown = (typeof shownKinds)[number];

export const orderFields = ['name', 'last_run_at', 'last_viewed_at', 'edited_at'] as const;
export type OrderField = (typeof orderFields)[number];

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

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
    show: shownKinds.find((kind) => kind === search.show),
    by: orderFields.find((field) => field === search.by),
    down: search.down === true ? true : undefined,
  };
}

/** The same as parameters of the API. */
export function parametersOf(search: ReportsSearch, nowMs: number) {
  const { show } = search;
  return {
    q: search.q,
    space: search.space,
    creator: search.owner,
    state: search.state,
    chart_type: search.chart,
    archived: show === 'archived' ? 'true' : undefined,
    // To the day, so that the same list is not asked for under another name every moment.
    stale_since:
      show === 'stale' ? new Date(nowMs - MONTH_MS).toISOString().slice(0, 10) : undefined,
    failing: show === 'failing' || undefined,
    never_run: show === 'never_run' || undefined,
    never_viewed: show === 'never_viewed' || undefined,
    no_owner: show === 'no_owner' || undefined,
    order_by: search.by,
    order: search.by && search.down ? 'desc' : undefined,
  };
}
