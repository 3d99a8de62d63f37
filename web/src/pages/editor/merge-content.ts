import type { EditedChart, EditedContent, EditedQuery } from '../../api/edited-content.ts';
import { isReordered, isSame, matched, placeIn } from './content-changes.ts';

type Three<Thing> = { base: Thing; theirs: Thing; mine: Thing };

/**
 * My content, begun from `base`, with what others have published since: where only they changed something it is
 * theirs, and where both did it stays mine; so with the order of queries. Nothing that I wrote is lost: a query that they deleted and I changed
 * is a new one.
 */
export function mergeContent({ base, theirs, mine }: Three<EditedContent>): EditedContent {
  return {
    name: either(base.name, theirs.name, mine.name),
    description: either(base.description, theirs.description, mine.description),
    queries: mergeThings(
      { base: base.queries, theirs: theirs.queries, mine: mine.queries },
      { isSame: isSameQuery, merge: mergeQuery, asNew: newQuery },
    ),
  };
}

/** My content as it can be published over theirs: what they deleted, I make anew. */
export function placedOver(theirs: EditedContent, mine: EditedContent): EditedContent {
  return mergeContent({ base: theirs, theirs, mine });
}

type Ways<Thing> = {
  isSame: (one: Thing, other: Thing) => boolean;
  merge: (three: Three<Thing>) => Thing;
  asNew: (thing: Thing) => Thing;
};

function mergeThings<Thing extends { token?: string }>(
  { base, theirs, mine }: Three<readonly Thing[]>,
  { isSame, merge, asNew }: Ways<Thing>,
): Thing[] {
  const kept = matched(theirs, mine).pairs.flatMap(([their, my]) => {
    const [[was]] = matched(base, [my]).pairs as [[Thing | undefined, Thing]];
    if (their !== undefined) return [merge({ base: was ?? their, theirs: their, mine: my })];
    if (my.token === undefined) return [my];
    return was !== undefined && isSame(was, my) ? [] : [asNew(my)];
  });
  // What is theirs alone is new, or what I deleted: the latter comes back only where they changed it.
  const added = matched(mine, theirs).pairs.flatMap(([my, their]) => {
    if (my !== undefined) return [];
    const [[was]] = matched(base, [their]).pairs as [[Thing | undefined, Thing]];
    return was !== undefined && isSame(was, their) ? [] : [their];
  });
  const merged = [...kept, ...added];
  if (isReordered(base, mine)) return merged;
  // What they do not have stands at the end, as it stood in mine.
  return merged.toSorted((a, b) => placeIn(theirs, a) - placeIn(theirs, b));
}

function mergeQuery({ base, theirs, mine }: Three<EditedQuery>): EditedQuery {
  return {
    ...mine,
    name: either(base.name, theirs.name, mine.name),
    raw_query: either(base.raw_query, theirs.raw_query, mine.raw_query),
    data_source_token: either(
      base.data_source_token,
      theirs.data_source_token,
      mine.data_source_token,
    ),
    charts: mergeThings(
      { base: base.charts, theirs: theirs.charts, mine: mine.charts },
      { isSame, merge: mergeChart, asNew: newChart },
    ),
  };
}

function mergeChart({ base, theirs, mine }: Three<EditedChart>): EditedChart {
  return isSame(base, mine) ? { ...theirs, key: mine.key } : mine;
}

function either<Value>(base: Value, theirs: Value, mine: Value): Value {
  return mine === base ? theirs : mine;
}

function isSameQuery(one: EditedQuery, other: EditedQuery): boolean {
  const { pairs, removed } = matched(one.charts, other.charts);
  return (
    one.name === other.name &&
    one.raw_query === other.raw_query &&
    one.data_source_token === other.data_source_token &&
    removed.length === 0 &&
    pairs.every(([was, is]) => was !== undefined && isSame(was, is))
  );
}

function newQuery({ token: _, ...query }: EditedQuery): EditedQuery {
  return { ...query, charts: query.charts.map(newChart) };
}

function newChart({ token: _, ...chart }: EditedChart): EditedChart {
  return chart;
}
