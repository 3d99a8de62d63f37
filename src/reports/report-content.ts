import { isDeepStrictEqual } from 'node:util';
import type { ChartSpec } from '../charts/chart-spec.ts';
import { shortened } from '../text.ts';

/** What people edit of a report, and what a version keeps of it. */
export type ReportContent = {
  name: string | null;
  description: string | null;
  queries: readonly QueryContent[];
  charts: readonly ChartContent[];
};

/** What never changes of a query or a chart. */
type Made = {
  id: number;
  token: string;
  /** Null where it is not known. */
  createdAt: string | null;
  /** The member who made it. */
  creatorSlot: number | null;
};

export type QueryContent = Made & {
  name: string | null;
  rawQuery: string | null;
  dataSourceToken: string | null;
  creatorEmail: string | null;
};

export type ChartContent = Made & {
  /** The query that it shows, which an import may not know. */
  queryToken: string | null;
  type: string | null;
  title: string | null;
  /** Null for a chart that was imported: only its type and title are known. */
  spec: ChartSpec | null;
};

/** What became of the things of one kind between two contents. */
export type Difference<Item> = { added: Item[]; changed: Item[]; removed: Item[] };

/** What differs between two contents of one report; things are the same where their tokens are. */
export type ContentDifference = {
  name: boolean;
  description: boolean;
  /** Whether queries that both have stand in another order. */
  order: boolean;
  queries: Difference<QueryContent>;
  charts: Difference<ChartContent>;
};

export function differenceOf(before: ReportContent, after: ReportContent): ContentDifference {
  return {
    name: before.name !== after.name,
    description: before.description !== after.description,
    order: isReordered(before.queries, after.queries),
    queries: itemDifference(before.queries, after.queries),
    charts: itemDifference(before.charts, after.charts),
  };
}

function isReordered(before: readonly QueryContent[], after: readonly QueryContent[]): boolean {
  const places = new Map(before.map(({ token }, place) => [token, place]));
  const kept = after.flatMap(({ token }) => places.get(token) ?? []);
  return kept.some((place, index) => index > 0 && place < (kept[index - 1] as number));
}

function itemDifference<Item extends { token: string }>(
  before: readonly Item[],
  after: readonly Item[],
): Difference<Item> {
  const was = new Map(before.map((item) => [item.token, item]));
  const tokens = new Set(after.map(({ token }) => token));
  return {
    added: after.filter(({ token }) => !was.has(token)),
    changed: after.filter(
      (item) => was.has(item.token) && !isDeepStrictEqual(was.get(item.token), item),
    ),
    removed: before.filter(({ token }) => !tokens.has(token)),
  };
}

/** Whether nothing differs. Charts have no order of their own: they stand in the one in which they were made. */
export function isSame({ name, description, order, queries, charts }: ContentDifference): boolean {
  return !(name || description || order) && [queries, charts].every(isNone);
}

function isNone({ added, changed, removed }: Difference<unknown>): boolean {
  return added.length + changed.length + removed.length === 0;
}

/** How many things a summary names before it counts the others. */
const MOST_NAMED = 5;

/** What an edit did, in words: `Named it “Revenue”; added the query “By month”`. */
export function summaryOf(difference: ContentDifference, after: ReportContent): string {
  const { queries, charts } = difference;
  const said = [
    ...(difference.name
      ? [after.name === null ? 'took its name away' : `named it ${quoted(after.name)}`]
      : []),
    ...(difference.description ? ['changed its description'] : []),
    ...(difference.order ? ['put its queries in another order'] : []),
    ...done(queries, (query) => `the query ${quoted(query.name)}`),
    ...done(charts, (chart) => `the chart ${quoted(chart.title)}`),
  ];
  const more = said.length - MOST_NAMED;
  const named = more > 0 ? [...said.slice(0, MOST_NAMED), `${more} more`] : said;
  const text = named.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function done<Item>({ added, changed, removed }: Difference<Item>, name: (item: Item) => string) {
  return [
    ...added.map((item) => `added ${name(item)}`),
    ...changed.map((item) => `changed ${name(item)}`),
    ...removed.map((item) => `deleted ${name(item)}`),
  ];
}

function quoted(name: string | null): string {
  if (name === null) return 'without a name';
  return `“${shortened(name, 60)}”`;
}
