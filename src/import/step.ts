import type { List } from '../inventory/lists.ts';
import type { StoredRow } from '../inventory/row-store.ts';

/** What a row lies in: its slot, its token where the same import adds it, or nothing. */
export type Parent = number | { token: string } | null;

/** A row as it is to be stored. */
export type PlannedRow = Pick<StoredRow, 'id' | 'token' | 'personal' | 'sourceId' | 'body'> & {
  parent: Parent;
};

/** A row as it is to become; without a slot where an earlier step of the same import adds it. */
export type ChangedRow = PlannedRow & { slot: number | undefined; archived: boolean };

/**
 * One thing that an import does, to at most some thousand rows. A plan is an order of steps: done one after the other,
 * each once, they bring the store to what the source holds. Steps say all that is to be written, so that whoever does
 * them looks at no source and decides nothing; a plan is made by reading alone, and holds as long as nobody else writes
 * to the organization.
 */
export type Step =
  | { kind: 'add'; list: List; rows: readonly PlannedRow[] }
  /** @property isPassing: the rows get what they have for a while only, so that others can have what was theirs. */
  | { kind: 'change'; list: List; rows: readonly ChangedRow[]; isPassing?: true }
  /** Everything below these slots now lies in a personal space, or no longer does. */
  | { kind: 'personal'; slots: readonly number[]; personal: boolean }
  /** The rows leave their list and are kept, or come back to their places. What belongs to them has steps of its own. */
  | { kind: 'archive'; list: List; slots: readonly number[]; archived: boolean }
  /** The rows are removed with all that belongs to them. */
  | { kind: 'remove'; list: List; slots: readonly number[] };
