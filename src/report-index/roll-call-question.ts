import type { Reach } from '../spaces/space-access.ts';
import type { AnswerState, Counts, RollCallList } from './roll-call-lists.ts';

/** Which reports are called, and by what they are said to answer. */
export type Roll = {
  reach: Reach;
  /** From when on a success is recent. */
  recentSinceMs: number;
  /**
   * The slot of each report with a schedule that is on, followed by when the schedule last fell due: since then a success
   * of that report is recent. In pieces, as they were read.
   */
  lastDue: Float64Array[];
};

/** A report that was called. */
export type CalledReport = {
  token: string;
  name: string | null;
  state: AnswerState;
  creatorEmail: string | null;
  ownerLeft: boolean;
  spaceToken: string | null;
  spaceName: string | null;
  lastRunAt: string | null;
  lastRunState: string | null;
  lastSuccessAt: string | null;
  lastViewedAt: string | null;
  /** Stands for the SQL that it shares with another report; null where it shares none. */
  sameSql: string | null;
};

/** Every report of a list in its order, as columns: there may be a million. */
export type CalledColumns = {
  slots: Float64Array;
  /** The first letters of their states. */
  letters: Uint8Array;
  ownerLeft: Uint8Array;
  /** What stands for the SQL that one shares; not a number where it shares none. */
  sameSql: Float64Array;
};

/** What the roll call asks of the file that an organization's reports are searched in, and what it is answered. */
export type RollCallQuestions = {
  /** `spaces`: the text of an array in JSON, as the answer of the API has it. */
  callRoll: { asked: Roll; answer: { counts: Counts; spaces: Uint8Array; cellsLeftOut: number } };
  countRoll: { asked: Roll; answer: Counts };
  listCalled: {
    asked: Roll & { list: RollCallList; offset: number; limit: number };
    answer: { reports: CalledReport[]; total: number };
  };
  /** Without a list: every report. */
  gatherCalled: { asked: Roll & { list: RollCallList | undefined }; answer: CalledColumns };
  /** Some of these reports as lines of CSV, but for those that are out of sight by now. */
  writeLines: { asked: { reach: Reach; called: CalledColumns }; answer: Uint8Array };
};
