import type { StorageFault } from '../storage-fault.ts';
import type { ChangedRow } from './changed-row-store.ts';
import type { Answer, Asked, QuestionName } from './file-questions.ts';

/** What the search thread is asked to do with a file, which it opens when it is not. */
export type SearchOrder = { path: string } & (
  | { kind: 'ask'; position: number; name: QuestionName; asked: Asked<QuestionName> }
  /** Asks how far the file reaches. */
  | { kind: 'look' }
  /** `since`: see SearchFile.progress; for a file in which nothing is. */
  | { kind: 'apply'; rows: ChangedRow[]; since?: number | undefined }
  /** Reads some of the words that are still to be read. */
  | { kind: 'read' }
  | { kind: 'reach'; position: number }
  | { kind: 'discard' }
);

export type SearchAnswer =
  | { kind: 'answer'; answer: Answer<QuestionName> }
  /** How far the file reaches, where that was asked, or it is not as far as the position that was asked for. */
  | { kind: 'reaches'; position: number; since: number | undefined }
  /** `unread`: of how many reports the words are still to be read. */
  | { kind: 'done'; unread: number }
  /** The file was broken, and is gone. */
  | { kind: 'broken' };

/** What passes between the threads: an order or its answer, with the number of the order. */
export type Numbered<Body> = { number: number; body: Body };
/** What is thrown loses all but its words on the way from thread to thread. */
export type Failed = { number: number; error: Error; fault: StorageFault | undefined };
/** A file was found damaged, and thrown away, while nothing was asked of it. */
export type Damaged = { damaged: string };

/** Tells the thread to close its files, and to end. */
export const END = 'end';

/** What the thread is started with. */
export type ThreadData = {
  /** How often a part of each open file is looked through. */
  verifyStepMs: number;
};
