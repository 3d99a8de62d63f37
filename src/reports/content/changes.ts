import {
  type Content,
  type ContentChart,
  type ContentQuery,
  chartFields,
  queryFields,
  type ReportFields,
  reportFields,
  type Thing,
} from './content.ts';

type FieldsOf<Fields extends readonly string[]> = Fields[number][];

/** What became of a query or a chart. */
type Fate<What extends string, Item, Fields> =
  | { what: What; how: 'added' | 'removed'; is: Item }
  | { what: What; how: 'changed'; was: Item; is: Item; fields: Fields };

/** Something that differs between two contents of one report. */
export type Change<About extends Thing = Thing> =
  | { what: 'report'; is: ReportFields; fields: FieldsOf<typeof reportFields> }
  /** Queries that both have stand in another order. */
  | { what: 'order' }
  | Fate<'query', ContentQuery<About>, FieldsOf<typeof queryFields>>
  /** `query` is that which the chart shows. */
  | (Fate<'chart', ContentChart<About>, FieldsOf<typeof chartFields>> & {
      query: ContentQuery<About>;
    });

/** What one content has otherwise than another, in the order in which a reader meets it. */
export function changesBetween<About extends Thing>(
  before: Content<About>,
  after: Content<About>,
): Change<About>[] {
  const fields = different(reportFields, before, after);
  const changes: Change<About>[] = fields.length > 0 ? [{ what: 'report', is: after, fields }] : [];
  if (isReordered(before.queries, after.queries)) changes.push({ what: 'order' });
  const queries = matched(before.queries, after.queries);
  const charts = chartChanges(before, after, new Map(queries.pairs));
  for (const [was, is] of queries.pairs) {
    if (was === undefined) changes.push({ what: 'query', how: 'added', is });
    else changes.push(...changed('query', queryFields, was, is));
    changes.push(...charts.filter(({ query }) => query === is));
  }
  for (const is of queries.removed) {
    changes.push({ what: 'query', how: 'removed', is });
  }
  changes.push(...charts.filter(({ query }) => !after.queries.includes(query)));
  return changes;
}

type ChartChange<About extends Thing> = Extract<Change<About>, { what: 'chart' }>;

/**
 * A chart that shows another query by now is changed too. One that went with its query is removed.
 *
 * @param afterOf what became of each query that there was.
 */
function chartChanges<About extends Thing>(
  before: Content<About>,
  after: Content<About>,
  afterOf: ReadonlyMap<ContentQuery<About> | undefined, ContentQuery<About>>,
): ChartChange<About>[] {
  const were = chartsOf(before);
  const are = chartsOf(after);
  const { pairs, removed } = matched(were, are);
  const changes: ChartChange<About>[] = [];
  for (const [was, { chart: is, query }] of pairs) {
    if (was === undefined) {
      changes.push({ what: 'chart', how: 'added', is, query });
      continue;
    }
    const fields = different(chartFields, was.chart, is);
    if (fields.length > 0 || afterOf.get(was.query) !== query) {
      changes.push({ what: 'chart', how: 'changed', was: was.chart, is, fields, query });
    }
  }
  for (const { chart: is, query } of removed) {
    changes.push({ what: 'chart', how: 'removed', is, query: afterOf.get(query) ?? query });
  }
  return changes;
}

function chartsOf<About extends Thing>({ queries }: Content<About>) {
  return queries.flatMap((query) =>
    query.charts.map((chart) => ({ token: chart.token, chart, query })),
  );
}

function changed<What extends string, Item extends object, Name extends keyof Item>(
  what: What,
  names: readonly Name[],
  was: Item,
  is: Item,
) {
  const fields = different(names, was, is);
  return fields.length > 0 ? [{ what, how: 'changed' as const, was, is, fields }] : [];
}

/** Which of these fields differ. The keys of a value may stand in any order. */
export function different<Item extends object, Name extends keyof Item>(
  names: readonly Name[],
  one: Item,
  other: Item,
): Name[] {
  return names.filter((name) => inOrder(one[name]) !== inOrder(other[name]));
}

function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** What is in `after`, each with what it was; and what is there no more. */
export function matched<Item extends { token?: string | undefined }>(
  before: readonly Item[],
  after: readonly Item[],
): { pairs: [Item | undefined, Item][]; removed: Item[] } {
  const were = byToken(before);
  const are = byToken(after);
  return {
    pairs: after.map((is) => [were.get(is.token), is]),
    removed: before.filter(({ token }) => !are.has(token)),
  };
}

function byToken<Item extends { token?: string | undefined }>(items: readonly Item[]) {
  const known = new Map(items.map((item) => [item.token, item]));
  known.delete(undefined);
  return known;
}

/** Whether things stand otherwise than by having some taken out and new ones put at the end. */
export function isReordered(before: readonly Thing[], after: readonly Thing[]): boolean {
  const places = after.map((thing) => placeIn(before, thing));
  return places.some((place, index) => index > 0 && place < (places[index - 1] as number));
}

/** Where a thing stands among others; behind them where it is not there. */
export function placeIn(things: readonly Thing[], { token }: Thing): number {
  const place = things.findIndex((one) => one.token === token);
  return token === undefined || place < 0 ? things.length : place;
}
