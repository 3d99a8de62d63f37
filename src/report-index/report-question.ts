import type { Reach } from '../spaces/space-access.ts';

/** By what reports can be in order. */
export const orders = [
  'relevance',
  'name',
  'space',
  'creator',
  'created_at',
  'edited_at',
  'last_run_at',
  'last_viewed_at',
  'view_count',
] as const;

/** `given` is the order of `among`. */
export type Order = (typeof orders)[number] | 'given';

/** Which reports somebody looks for. What is undefined leaves none out. */
export type ReportFilter = {
  /** What was typed. */
  typed: string | undefined;
  /** The slots of reports: none but these. */
  among: readonly number[] | undefined;
  /** Tokens of spaces, addresses of who made them, states of last runs, types of charts, tokens of data sources: one of each. */
  spaces: string[] | undefined;
  creators: string[] | undefined;
  states: string[] | undefined;
  chartTypes: string[] | undefined;
  dataSources: string[] | undefined;
  archived: boolean | undefined;
  /** Without a successful run since this time. */
  staleSinceMs: number | undefined;
  neverRun: boolean;
  neverViewed: boolean;
  /** Made by nobody who is still a member. */
  withoutOwner: boolean;
};

/** Leaves none out. */
export const everyReport: ReportFilter = {
  typed: undefined,
  among: undefined,
  spaces: undefined,
  creators: undefined,
  states: undefined,
  chartTypes: undefined,
  dataSources: undefined,
  archived: undefined,
  staleSinceMs: undefined,
  neverRun: false,
  neverViewed: false,
  withoutOwner: false,
};

export type ReportQuestion = ReportFilter & {
  reach: Reach;
  orderBy: Order;
  descending: boolean;
  offset: number;
  limit: number;
  /** Whether to count the reports by space and by state as well. */
  withFacets: boolean;
};

/** A report that was found: its row as JSON, which is the quickest way between two threads, and what is told of it besides. */
export type FoundReport = {
  slot: number;
  body: string;
  isArchived: boolean;
  spaceName: string | null;
  isPersonal: boolean;
  viewCount: number;
  activeSchedules: number;
  queryCount: number;
  chartTypes: string[];
};

export type Facets = {
  spaces: { token: string; name: string | null; count: number }[];
  states: { state: string | null; count: number }[];
};

export type FoundReports = { reports: FoundReport[]; total: number; facets: Facets | undefined };
