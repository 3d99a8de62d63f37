import type { Cut, QueryColumn } from '../data-sources/query-job.ts';
import type { Parameters } from '../sql-templates/parameter-value.ts';
import type { RunErrorCode } from './run-errors.ts';

/** How a run ended. */
export const endStates = ['succeeded', 'failed', 'cancelled'] as const;
export type EndState = (typeof endStates)[number];

/** Where a run is: it waits for a worker, a worker has it, or it has ended. */
export type RunState = 'waiting' | 'running' | EndState;

/** The state as the APIs show it: clients wait for as long as a run is `enqueued`. */
export function shownState(state: RunState): 'enqueued' | EndState {
  return state === 'waiting' || state === 'running' ? 'enqueued' : state;
}

/** One execution of a report. */
export type Run = {
  /** Rises by one within the organization. */
  number: number;
  token: string;
  reportSlot: number;
  /** The member who asked for it, or whose schedule did. */
  memberSlot: number | null;
  /** The schedule that asked for it; null where a person did. */
  scheduleNumber: number | null;
  /** The token of that schedule; null where there is none any more. */
  scheduleToken: string | null;
  state: RunState;
  parameters: Parameters;
  /** The fields of its queries' forms with the values that it has, as they are shown. */
  formFields: object[];
  createdAt: string;
  updatedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  /** Whether a schedule started it, or all its parameters have the defaults of the form. */
  isDefault: boolean;
  /** How often a worker has taken it. */
  attempt: number;
  timesLost: number;
  /** When its results were deleted. */
  expiredAt: string | null;
};

/** Why a query of a run has no result. */
export type RunFailure = {
  code: RunErrorCode;
  message: string;
  /** Where in the SQL, both from 1. */
  line: number | null;
  position: number | null;
};

/** A result that was kept. */
export type ResultSummary = {
  columns: QueryColumn[];
  rows: number;
  bytes: number;
  truncated: boolean;
};

/** Where a result was cut at its limits; undefined where it was not. */
export function cutOf(result: ResultSummary | null): Cut | undefined {
  return result?.truncated ? { rows: result.rows, by: 'run' } : undefined;
}

/** One execution of a query, as a part of a run. */
export type QueryRun = {
  runNumber: number;
  /** The place of the query in its report, from 1. */
  position: number;
  token: string;
  queryToken: string;
  queryName: string | null;
  dataSourceToken: string | null;
  rawSource: string;
  renderedSource: string | null;
  state: 'waiting' | EndState;
  startedAt: string | null;
  endedAt: string | null;
  failure: RunFailure | null;
  result: ResultSummary | null;
  /** The attempt at the run from which its result is. */
  attempt: number | null;
};

/** The same without its SQL, which may be long. */
export type BriefQueryRun = Omit<QueryRun, 'rawSource' | 'renderedSource'>;

/** What became of a query, to be kept. */
export type QueryOutcome = {
  renderedSource: string | null;
  startedAt: string;
  endedAt: string;
} & (
  | { state: 'succeeded'; result: ResultSummary; preview: string }
  | { state: 'failed' | 'cancelled'; failure: RunFailure }
);

/** A worker's lease on a run: good as long as nobody has taken the run since. */
export type Lease = { runNumber: number; attempt: number };
