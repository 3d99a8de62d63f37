import type { EditedChart, EditedContent, EditedQuery } from '../../api/edited-content.ts';

/** Something that publishing changes. `name` is that of the query or chart; null where it has none. */
export type Change =
  | { what: 'name'; from: string | null; to: string | null }
  | { what: 'description' | 'order' }
  | { what: 'query-added' | 'query-removed' | 'sql' | 'data-source'; name: string | null }
  | { what: 'query-renamed'; from: string | null; to: string | null }
  | { what: 'chart-added' | 'chart-removed' | 'chart-changed'; name: string | null };

/** What one content has otherwise than another, in the order in which a reader meets it. */
export function changesBetween(before: EditedContent, after: EditedContent): Change[] {
  const changes: Change[] = [];
  if (before.name !== after.name) {
    changes.push({ what: 'name', from: before.name, to: after.name });
  }
  if (before.description !== after.description) changes.push({ what: 'description' });
  const { pairs, removed } = matched(before.queries, after.queries);
  for (const [was, is] of pairs) {
    if (was === undefined) changes.push({ what: 'query-added', name: is.name });
    else changes.push(...changesOfQuery(was, is));
    changes.push(...changesOfCharts(was?.charts ?? [], is.charts));
  }
  for (const { name } of removed) changes.push({ what: 'query-removed', name });
  if (isReordered(before.queries, after.queries)) changes.push({ what: 'order' });
  return changes;
}

function changesOfQuery(was: EditedQuery, is: EditedQuery): Change[] {
  const changes: Change[] = [];
  if (was.name !== is.name) changes.push({ what: 'query-renamed', from: was.name, to: is.name });
  if (was.raw_query !== is.raw_query) changes.push({ what: 'sql', name: is.name });
  if (was.data_source_token !== is.data_source_token) {
    changes.push({ what: 'data-source', name: is.name });
  }
  return changes;
}

function changesOfCharts(before: readonly EditedChart[], after: readonly EditedChart[]): Change[] {
  const { pairs, removed } = matched(before, after);
  const changes: Change[] = [];
  for (const [was, is] of pairs) {
    const name = is.chart_title;
    if (was === undefined) changes.push({ what: 'chart-added', name });
    else if (!isSame(was, is)) changes.push({ what: 'chart-changed', name });
  }
  for (const { chart_title: name } of removed) changes.push({ what: 'chart-removed', name });
  return changes;
}

/** What is in `after`, each with what it was; and what is there no more. Only a token tells that two are the same. */
export function matched<Thing extends { token?: string }>(
  before: readonly Thing[],
  after: readonly Thing[],
): { pairs: [Thing | undefined, Thing][]; removed: Thing[] } {
  const of = (things: readonly Thing[], token: string | undefined) =>
    token === undefined ? undefined : things.find((one) => one.token === token);
  return {
    pairs: after.map((is) => [of(before, is.token), is]),
    removed: before.filter(({ token }) => of(after, token) === undefined),
  };
}

/** Whether things stand otherwise than by having some taken out and new ones put at the end. */
export function isReordered<Thing extends { token?: string }>(
  before: readonly Thing[],
  after: readonly Thing[],
): boolean {
  const places = after.map((thing) => placeIn(before, thing));
  return places.some((place, index) => index > 0 && place < (places[index - 1] as number));
}

/** Where a thing stands among others; behind them where it is not there. */
export function placeIn<Thing extends { token?: string }>(
  things: readonly Thing[],
  { token }: Thing,
): number {
  const place = things.findIndex((one) => one.token === token);
  return token === undefined || place < 0 ? things.length : place;
}

/** Whether two charts show the same, whatever the editor calls them and in whichever order their parts stand. */
export function isSame(one: EditedChart, other: EditedChart): boolean {
  return (
    one.chart_type === other.chart_type &&
    one.chart_title === other.chart_title &&
    ordered(one.spec) === ordered(other.spec)
  );
}

function ordered(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
