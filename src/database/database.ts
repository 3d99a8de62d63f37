/** What a store takes as a parameter and gives back in a row. */
export type Value = string | number | bigint | null | Uint8Array;

/** SQL with `?` placeholders; parameters are always bound, never pasted. */
export type Queries = {
  /** Every row. */
  all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** The first row, or undefined where there is none. */
  get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined>;
  /** Answers how many rows changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
  /** The same statement once for each list of values, in order. */
  runEach(sql: string, valuesOfEach: readonly (readonly Value[])[]): Promise<void>;
};

/**
 * The one interface to a store. Outside a transaction every statement is its own, reads see what was
 * committed before them, and rejected work changes nothing.
 */
export type Database = Queries & {
  /** Runs the work as one transaction that writes: all of it or, when it throws, nothing. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** The names of the migrations that are not applied yet. */
  missingMigrations(): Promise<string[]>;
  /** Applies the migrations that are missing; answers their names. */
  migrate(): Promise<string[]>;
  /** Problems found in the store's own files, in words; empty when sound. */
  check(): Promise<string[]>;
  close(): Promise<void>;
};

/** The store did not let a writer in within the time it waits. */
export class StoreBusyError extends Error {}

/** The store does not answer; it may later. */
export class StoreUnavailableError extends Error {}

/** A constraint refused the write: something with the same key is there already. */
export class DuplicateError extends Error {}
