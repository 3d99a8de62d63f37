import type { ChangedRow } from './changed-row-store.ts';
import type { FoundReports, ReportQuestion } from './report-question.ts';

/** What the search thread is asked to do with a file, which it opens when it is not. */
export type SearchOrder = { path: string } & (
  | { kind: 'search'; position: number; question: ReportQuestion }
  /** `since`: see SearchFile.progress; for a file in which nothing is. */
  | { kind: 'apply'; rows: ChangedRow[]; since?: number | undefined }
  /** Reads some of the words that are still to be read. */
  | { kind: 'read' }
  | { kind: 'reach'; position: number }
  | { kind: 'discard' }
);

export type SearchAnswer =
  | { kind: 'found'; found: FoundReports }
  /** The file does not reach the position that was asked for. */
  | { kind: 'behind'; position: number; since: number | undefined }
  | { kind: 'done'; hasMore: boolean }
  /** The file was broken, and is gone. */
  | { kind: 'broken' };

/** What passes between the threads: an order or its answer, with the number of the order. */
export type Numbered<Body> = { number: number; body: Body };
export type Failed = { number: number; error: Error };
