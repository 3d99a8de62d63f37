import type { ChartSpec } from '../../../src/charts/chart-spec.ts';
import {
  type Content,
  type ContentChart,
  type ContentQuery,
  editable,
  fieldsOf,
  queryFields,
  reportFields,
} from '../../../src/reports/content/content.ts';

/** `key` names a query or chart for as long as it is edited. */
type Edited = { key: string; token?: string };

export type EditedChart = ContentChart<Edited>;
export type EditedQuery = ContentQuery<Edited>;
export type EditedContent = Content<Edited>;

/** What was published, as one began from it. */
export type Published = { etag: string; version: number; content: EditedContent };

type Thing = Record<string, unknown>;

const isThing = (value: unknown): value is Thing => typeof value === 'object' && value !== null;
const text = (value: unknown) => (typeof value === 'string' ? value : null);
const things = (value: unknown) => (Array.isArray(value) ? value.filter(isThing) : []);

/** The content that JSON from the server holds. What has no key yet gets its token, or its place, for one. */
export function readContent(value: unknown): EditedContent {
  const given = isThing(value) ? value : {};
  return {
    ...textsOf(reportFields, given),
    queries: things(given.queries).map((query, index) => ({
      ...named(query, `query ${index}`),
      ...textsOf(queryFields, query),
      charts: things(query.charts).map((chart, place) => ({
        ...named(chart, `query ${index} chart ${place}`),
        ...textsOf(editable.charts, chart),
        spec: isThing(chart.spec) ? (chart.spec as ChartSpec) : null,
      })),
    })),
  };
}

function textsOf<Name extends string>(names: readonly Name[], thing: Thing) {
  return Object.fromEntries(names.map((name) => [name, text(thing[name])])) as Record<
    Name,
    string | null
  >;
}

function named(thing: Thing, place: string): { key: string; token?: string } {
  const token = text(thing.token);
  const key = text(thing.key) ?? token ?? place;
  return token === null ? { key } : { key, token };
}

/** What is kept as a draft: the content, and from what it began. */
export type DraftContent = EditedContent & { base: Published };

/** The draft that JSON from the server holds. One that does not say from what it began did not begin from what is published. */
export function readDraft(value: unknown): DraftContent {
  const base = isThing(value) && isThing(value.base) ? value.base : {};
  return {
    ...readContent(value),
    base: {
      etag: text(base.etag) ?? '',
      version: typeof base.version === 'number' ? base.version : 0,
      content: readContent(base.content),
    },
  };
}

/** The content as it is published: without the keys, which are the editor's own. */
export function toPublish(content: EditedContent): Content {
  return {
    ...fieldsOf(reportFields, content),
    queries: content.queries.map(({ key: _, charts, ...query }) => ({
      ...query,
      charts: charts.map(({ key: __, ...chart }) => chart),
    })),
  };
}
