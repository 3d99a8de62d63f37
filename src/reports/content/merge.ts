import { different, isReordered, matched, placeIn } from './changes.ts';
import {
  type Content,
  type ContentChart,
  type ContentQuery,
  chartFields,
  fieldsOf,
  queryFields,
  reportFields,
  type Thing,
} from './content.ts';

type Three<Part> = { base: Part; theirs: Part; mine: Part };

/**
 * My content, begun from `base`, with what others have published since: where only they changed something it is theirs,
 * and where both did it stays mine; so with the order of queries. Nothing that I wrote is lost: a query that they deleted
 * and I changed is a new one.
 */
export function mergeContent<About extends Thing>({
  base,
  theirs,
  mine,
}: Three<Content<About>>): Content<About> {
  return {
    ...mergeFields(reportFields, { base, theirs, mine }),
    queries: mergeThings(
      { base: base.queries, theirs: theirs.queries, mine: mine.queries },
      { isSame: isSameQuery, merge: mergeQuery, asNew: newQuery },
    ),
  };
}

/** My content as it can be published over theirs: what they deleted is new in mine. */
export function placedOver<About extends Thing>(
  theirs: Content<About>,
  mine: Content<About>,
): Content<About> {
  return mergeContent({ base: theirs, theirs, mine });
}

/** Mine, with those of these fields that only they changed. */
function mergeFields<Part extends object, Name extends keyof Part>(
  names: readonly Name[],
  { base, theirs, mine }: Three<Part>,
): Part {
  const changed = new Set(different(names, base, mine));
  const taken = names.filter((name) => !changed.has(name)).map((name) => [name, theirs[name]]);
  return { ...mine, ...Object.fromEntries(taken) };
}

type Ways<Part> = {
  isSame: (one: Part, other: Part) => boolean;
  merge: (three: Three<Part>) => Part;
  asNew: (part: Part) => Part;
};

function mergeThings<Part extends Thing>(
  { base, theirs, mine }: Three<readonly Part[]>,
  { isSame, merge, asNew }: Ways<Part>,
): Part[] {
  const inBase = (part: Part) => matched(base, [part]).pairs[0]?.[0];
  const kept = matched(theirs, mine).pairs.flatMap(([their, my]) => {
    const was = inBase(my);
    if (their !== undefined) return [merge({ base: was ?? their, theirs: their, mine: my })];
    if (my.token === undefined) return [my];
    return was !== undefined && isSame(was, my) ? [] : [asNew(my)];
  });
  // What is theirs alone is new, or what I deleted: the latter comes back only where they changed it.
  const added = matched(mine, theirs).pairs.flatMap(([my, their]) => {
    if (my !== undefined) return [];
    const was = inBase(their);
    return was !== undefined && isSame(was, their) ? [] : [their];
  });
  const merged = [...kept, ...added];
  if (isReordered(base, mine)) return merged;
  // What they do not have stands at the end, as it stood in mine.
  return merged.toSorted((a, b) => placeIn(theirs, a) - placeIn(theirs, b));
}

function mergeQuery<About extends Thing>({
  base,
  theirs,
  mine,
}: Three<ContentQuery<About>>): ContentQuery<About> {
  return {
    ...mergeFields(queryFields, { base, theirs, mine }),
    charts: mergeThings(
      { base: base.charts, theirs: theirs.charts, mine: mine.charts },
      { isSame: isSameChart, merge: mergeChart, asNew: withoutToken },
    ),
  };
}

/** A chart is mine or theirs as a whole: half of either would show what nobody wanted. */
function mergeChart<About extends Thing>({
  base,
  theirs,
  mine,
}: Three<ContentChart<About>>): ContentChart<About> {
  if (!isSameChart(base, mine)) return mine;
  return { ...mine, ...fieldsOf(chartFields, theirs) };
}

function isSameChart(one: ContentChart, other: ContentChart): boolean {
  return different(chartFields, one, other).length === 0;
}

function isSameQuery(one: ContentQuery, other: ContentQuery): boolean {
  const { pairs, removed } = matched(one.charts, other.charts);
  return (
    different(queryFields, one, other).length === 0 &&
    removed.length === 0 &&
    pairs.every(([was, is]) => was !== undefined && isSameChart(was, is))
  );
}

function newQuery<About extends Thing>(query: ContentQuery<About>): ContentQuery<About> {
  return { ...withoutToken(query), charts: query.charts.map(withoutToken) };
}

function withoutToken<Part extends Thing>(part: Part): Part {
  const { token: _, ...rest } = part;
  return rest as Part;
}
