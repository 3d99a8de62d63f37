import type { ChangedRow } from '../inventory/changed-row-store.ts';
import type { ListName } from '../inventory/lists.ts';
import type { StorageFault } from '../storage-fault.ts';
import type { Answer, Asked, QuestionName } from './file-questions.ts';

/** How far a file reaches. */
export type FileProgress = {
  /** The number of the last change up to which everything is in the file. */
  position: number;
  /** Since when it must be known what was removed for the file to be right; undefined where nothing is in it. */
  since: number | undefined;
  /** Lists that reach further by now: the last change of each that is in the file. */
  applied: { [List in ListName]?: number };
};

/** A row as it goes to the thread: as text, since V8 gives back small buffers late. */
export type IndexedRow = Omit<ChangedRow, 'body'> & { list: ListName; body: string | null };

/** What the search thread is asked to do with a file, which it opens when it is not. */
export type SearchOrder = { path: string } & (
  | { kind: 'ask'; position: number; name: QuestionName; asked: Asked<QuestionName> }
  /** Asks how far the file reaches. */
  | { kind: 'look' }
  /** Rows of one list; `since`: see FileProgress, for a file in which nothing is. */
  | { kind: 'apply'; rows: IndexedRow[]; since?: number | undefined }
  /** Reads some of the words that are still to be read. */
  | { kind: 'read' }
  | { kind: 'reach'; position: number }
  | { kind: 'discard' }
);

export type SearchAnswer =
  | { kind: 'answer'; answer: Answer<QuestionName> }
  /** How far the file reaches, where that was asked, or it is not as far as the position that was asked for. */
  | ({ kind: 'reaches' } & FileProgress)
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
