import type { ChartAsWritten } from '../charts/plan-picture.ts';
import type { Connection } from './kinds.ts';
import type { PivotRange } from './pivot-range.ts';
import type { QueryFailure } from './query-error.ts';
import type { RowsRange, RowsView, RowTotal } from './rows-view.ts';

/** A value that is bound to a query, never pasted into it. Dates and times are text, a list is several values. */
export type QueryValue = string | number | boolean | null;

export type QueryLimits = {
  /** How long the query may take. */
  timeMs: number;
  /** How many rows are kept; what is beyond is left away, and the result is `truncated`. */
  rows: number;
  /** How many bytes the result's file may take, with the same end. */
  bytes: number;
  /** How much memory the process may take beyond what it holds before the query. */
  memoryBytes: number;
};

export type QueryJob = {
  connection: Connection;
  /** One statement that reads, with a placeholder for each value as the adapter writes them. */
  sql: string;
  values: readonly QueryValue[];
  /** Where the result is written: a Parquet file that is not there yet, in a folder of this run alone. */
  resultFile: string;
  limits: QueryLimits;
  /** Charts whose pictures are made of the result, in the same process. */
  charts?: readonly ChartAsWritten[];
};

export type QueryColumn = {
  name: string;
  type: string;
  /** In a sentence, what is kept of it in another way than the data source has it. */
  note?: string;
};

export type QueryResult = {
  /** As they stand in the file: names are made different where the query repeats one, types are DuckDB's. */
  columns: QueryColumn[];
  rows: number;
  /** Size of the file. */
  bytes: number;
  /** Whether rows were left away for the limits. */
  truncated: boolean;
  /**
   * The first rows, at most 1,000 and about 1 MB: a JSON array of arrays, cells in the order of `columns`. Of a cell that
   * is too long for that, it is the beginning as a text, and the column says so. A number is
   * a JSON number where a reader's 64-bit float gives the same digits back, and text otherwise; dates and times are
   * text in ISO 8601; a list or an object is one in JSON too.
   */
  preview: string;
  /** How many rows these are. */
  previewRows: number;
  /**
   * The pictures of the job's charts, as JSON; absent where they could not be made in the time they may take, which is no
   * failure of the query.
   */
  pictures?: string[];
};

/** A table that a data source has, for whoever writes SQL. */
export type QueryTable = {
  name: string;
  columns: QueryColumn[];
  /** The file that is the table, where one is. */
  file?: TableFile;
};

/** What was found out about a file that is read as a table. */
export type TableFile = {
  name: string;
  /** How its characters are written, by the Encoding Standard's name for it; undefined for files that are not text. */
  encoding?: string;
  /** What was decided about it, a sentence each. */
  notes: string[];
  /** Why it cannot be read; it then has no columns. */
  error?: string;
};

/** How many rows a result has that was cut at its limits: those of runs, or of queries that are tried. */
export type Cut = { rows: number; by: 'run' | 'try' };

export type ResultFormat = 'csv' | 'json' | 'ndjson';

type Look = {
  connection: Connection;
  privateHosts: PrivateHosts;
  timeMs: number;
  memoryBytes: number;
};

/** What a query process is asked to do: once in its life, but for what follows on a run or on other rows. */
/**
 * Where data sources may be: `refuse` keeps them off private networks, `all` lets them be even where clouds tell their
 * machines what they are.
 */
export type PrivateHosts = 'allow' | 'refuse' | 'all';

export type Order =
  | ({ action: 'run'; privateHosts: PrivateHosts; looks: string | undefined } & QueryJob)
  | ({ action: 'describe'; scratch: string; looks: string | undefined } & Look)
  | ({ action: 'test' } & Look)
  | ({ action: 'stop'; session: Session } & Look)
  | {
      action: 'draw';
      parquetFile: string;
      charts: readonly ChartAsWritten[];
      cut?: Cut | undefined;
      memoryBytes: number;
    }
  | {
      action: 'rows';
      parquetFile: string;
      view: RowsView;
      /** Which of its rows; without it, reading them is prepared. */
      range?: RowsRange | undefined;
      /** Which totals of them. */
      totals?: readonly RowTotal[] | undefined;
      memoryBytes: number;
    }
  | {
      action: 'pivot';
      parquetFile: string;
      chart: ChartAsWritten;
      range: PivotRange;
      cut?: Cut | undefined;
      memoryBytes: number;
    }
  | {
      action: 'convert';
      parquetFile: string;
      format: ResultFormat;
      safeForSpreadsheets: boolean;
    };

/**
 * By what a server knows the connection that a query runs on, so that another process can stop it there: an engine's own
 * names and numbers.
 */
export type Session = Readonly<Record<string, number>>;

/** What a query process says: that it is ready for an order, where the query runs, whether it is looking at files
 * for the first time, and then how it ended. */
export type Answer =
  | { ready: true }
  | { session: Session }
  | { looking: boolean }
  | { done: unknown }
  | { failed: QueryFailure };
