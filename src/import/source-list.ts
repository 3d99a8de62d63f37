import type { List } from '../inventory/lists.ts';

/** A row as it was read, and where, in words for an error: `reports-page-3.json, row 17`. */
export type ReadRow = { row: unknown; where: string };

/** Whether a row that a list lacks is one that its source no longer has. */
export type Proof =
  | { isWhole: true }
  | {
      isWhole: false;
      /** Why not, as a clause: `reports.ndjson has no end line`. */
      because: string;
      /** Whether whoever imports may say that it is whole all the same. */
      canBeTold: boolean;
    };

export const WHOLE: Proof = { isWhole: true };

/** One list of a source. */
export type SourceList = {
  list: List;
  proof: Proof;
  /** Whether rows of personal spaces are among them. */
  includesPersonal: boolean;
  /** How many different rows there are by what the copy says; undefined where it does not say. */
  count: number | undefined;
  rows(): AsyncIterable<ReadRow> | Iterable<ReadRow>;
};
