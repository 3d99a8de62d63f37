import type { ChartSpec } from '../../../src/charts/chart-spec.ts';

/** A chart as it is edited. One without a token is new; `key` names it for as long as it is edited. */
export type EditedChart = {
  key: string;
  token?: string;
  chart_type: string | null;
  chart_title: string | null;
  spec: ChartSpec | null;
};

export type EditedQuery = {
  key: string;
  token?: string;
  name: string | null;
  raw_query: string | null;
  data_source_token: string | null;
  charts: EditedChart[];
};

/** All that people edit of a report. */
export type EditedContent = {
  name: string | null;
  description: string | null;
  queries: EditedQuery[];
};

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
    name: text(given.name),
    description: text(given.description),
    queries: things(given.queries).map((query, index) => ({
      ...named(query, `query ${index}`),
      name: text(query.name),
      raw_query: text(query.raw_query),
      data_source_token: text(query.data_source_token),
      charts: things(query.charts).map((chart, place) => ({
        ...named(chart, `query ${index} chart ${place}`),
        chart_type: text(chart.chart_type),
        chart_title: text(chart.chart_title),
        spec: isThing(chart.spec) ? (chart.spec as ChartSpec) : null,
      })),
    })),
  };
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
export function toPublish({ name, description, queries }: EditedContent) {
  return {
    name,
    description,
    queries: queries.map(({ key: _, charts, ...query }) => ({
      ...query,
      charts: charts.map(({ key: __, ...chart }) => chart),
    })),
  };
}
