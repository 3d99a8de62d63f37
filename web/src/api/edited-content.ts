import type { ChartSpec } from '../../../src/charts/chart-spec.ts';
import { different } from '../../../src/reports/content/changes.ts';
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

/** The reader's own draft; `tag` stands for it, or for there being none. */
export type OwnDraft = {
  tag: string;
  kept: { content: DraftContent; savedAt: string } | undefined;
};

/** A report that is edited: where its draft is kept, and what publishing it does. */
export type Editable = {
  organization: string;
  /** Of the report; a new one gets it when it is published. */
  token: string;
  /** The space of a new report, null for the reader's own; undefined for a report that is published. */
  newIn: string | null | undefined;
  readDraft: (signal?: AbortSignal) => Promise<OwnDraft>;
  readPublished: (signal?: AbortSignal) => Promise<Published>;
  /**
   * Keeps the draft in place of the one with this tag; answers its own, and the version that is published now.
   *
   * @throws RollcallError 412 or 409 if there is another draft; 409 if a new report was published.
   */
  saveDraft: (content: DraftContent, tag: string) => Promise<{ version: number; tag: string }>;
  /**
   * Throws the draft away; answers the tag of there being none.
   *
   * @throws RollcallError 412 where it is not the one with this tag, if one is given.
   */
  discardDraft: (tag?: string) => Promise<string>;
  /**
   * Puts the content in the place of what it began from, or makes a new report of it in this space; answers its token.
   *
   * @throws RollcallError 412 where others have published, or there is another draft.
   */
  publish: (content: DraftContent, tag: string, space?: string | null) => Promise<string>;
};

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

/** Whether two contents are the same, whatever the editor calls their queries and charts. */
export function isSame(one: EditedContent, other: EditedContent): boolean {
  const [a, b] = [one, other].map((content) => toPublish(readContent(content))) as [
    Content,
    Content,
  ];
  return different([...reportFields, 'queries'], a, b).length === 0;
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
