import type { ChartSpec } from '../../charts/chart-spec.ts';
import type { Row } from '../../inventory/lists.ts';

/**
 * What people edit of a report, of its queries and of its charts, in the wire's words: fields of the lists, whose types
 * and limits the lists have, and a chart's `spec`, which stands beside its row. Row patches, wire schemas, versions,
 * differences and merges follow from here.
 */
export const editable = {
  reports: ['name', 'description'],
  queries: ['name', 'raw_query', 'data_source_token'],
  charts: ['chart_type', 'chart_title'],
} as const;

type Edited<Name extends keyof typeof editable> = Pick<Row<Name>, (typeof editable)[Name][number]>;

export type ReportFields = Edited<'reports'>;
export type QueryFields = Edited<'queries'>;
export type ChartFields = Edited<'charts'> & {
  /** Which columns it shows, and how; null for a chart that was imported. */
  spec: ChartSpec | null;
};

export const reportFields = editable.reports;
export const queryFields = editable.queries;
export const chartFields = [...editable.charts, 'spec'] as const;

/** What every query and chart has besides: things are the same where their tokens are; one without a token is new. */
export type Thing = { token?: string };

/** @template About what is known of each query and chart besides its fields. */
export type ContentChart<About extends Thing = Thing> = ChartFields & About;
export type ContentQuery<About extends Thing = Thing> = QueryFields &
  About & { charts: ContentChart<About>[] };

/** All that people edit of a report: the queries in the order in which they stand, each with its charts. */
export type Content<About extends Thing = Thing> = ReportFields & {
  queries: ContentQuery<About>[];
};

/** Some fields of something. */
export function fieldsOf<Part extends object, Name extends keyof Part>(
  names: readonly Name[],
  part: Part,
): Pick<Part, Name> {
  return Object.fromEntries(names.map((name) => [name, part[name]])) as Pick<Part, Name>;
}

/** Those of some fields that are given. */
export function fieldsGiven<Part extends object, Name extends keyof Part>(
  names: readonly Name[],
  given: Partial<Part>,
): Partial<Pick<Part, Name>> {
  const known = names.filter((name) => given[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, given[name]])) as Partial<Pick<Part, Name>>;
}

/** Some fields with nothing in them. */
export function emptyFields<Name extends string>(names: readonly Name[]): Record<Name, null> {
  return Object.fromEntries(names.map((name) => [name, null])) as Record<Name, null>;
}
