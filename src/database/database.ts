import type { StorageFault } from '../storage-fault.ts';

/** What a store takes as a parameter and gives back in a row. */
export type Value = string | number | bigint | null | Uint8Array;

/** A statement about many organizations, by the condition that a column has the number of one of them. */
export type SqlForMany = (isOneOfThem: (column: string) => string) => string;

/**
 * A handle of the store, within a transaction or outside of any. It takes SQL with `?` placeholders; parameters are always
 * bound, never pasted.
 */
export type Store = {
  /** Every row. */
  all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** Every row that the same query gives for each list of values, together and in no order. */
  allEach<Row>(sql: string, valuesOfEach: readonly (readonly Value[])[]): Promise<Row[]>;
  /**
   * Every row of a query about many organizations. A store that is distributed asks each node by itself, so that one that
   * does not respond keeps nobody from the rows of the others: it is left out, and named by `lostNodes`.
   *
   * @param sql gets the condition that a column has the number of one of these organizations, which it needs of each table.
   * @param among undefined for all organizations.
   */
  everywhere<Row>(
    sql: SqlForMany,
    values?: readonly Value[],
    among?: readonly number[],
  ): Promise<Row[]>;
  /** The first row, or undefined where there is none. */
  get<Row>(sql: string, values?: readonly Value[]): Promise<Row | undefined>;
  /** Answers how many rows changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
  /**
   * The same `insert ... values (...)`, `insert ... select ...` or `update ... where ...` once for each list of values. No two of them touch the
   * same row: a store may do them all at once.
   */
  runEach(sql: string, valuesOfEach: readonly (readonly Value[])[]): Promise<void>;
};

/** How migrations are applied. */
export type MigrateOptions = {
  /** Also those that older versions cannot live with: from then on, the store does not let these in. */
  finish?: boolean;
  /** Told how far a migration in code has come. */
  onProgress?: ((migration: string, done: number, total: number) => void) | undefined;
  /** Called while something keeps a migration in code from continuing, such as an import; it is tried again afterwards. */
  whileBusy?: (error: StoreBusyError) => Promise<void>;
};

/**
 * The one interface to a store. Outside a transaction every statement is its own, reads see what was
 * committed before them, and rejected work changes nothing.
 */
export type Database = Store & {
  /**
   * Runs the work as one transaction that writes: all of it or, when it throws, nothing. A store may undo it and run it
   * again where writers get in each other's way, so the work does nothing besides that its undoing would leave behind.
   */
  transaction<Result>(work: (store: Store) => Promise<Result>): Promise<Result>;
  /**
   * A number that is a higher one after each commit, whichever process made it. Not there where it would take a question
   * to another process.
   */
  commits?: (() => number) | undefined;
  /**
   * The names of the migrations that are not applied yet: those that this version needs to use the store, and those that
   * wait until no older version uses it.
   *
   * @throws OlderProgramError if the store does not let this version in. It then refuses all reads and writes.
   */
  missingMigrations(): Promise<{ needed: string[]; waiting: string[] }>;
  /** Applies the migrations that this version needs, or all; answers the names of those that it applied. */
  migrate(options?: MigrateOptions): Promise<string[]>;
  /**
   * Writes something that changes nothing.
   *
   * @throws whatever keeps the store from being written.
   */
  tryWriting(): Promise<void>;
  /**
   * Lets the store count the rows of a table, by which it plans: for whoever has just written many. Not done where somebody
   * else keeps the table from it.
   */
  analyze(table: string): Promise<void>;
  /** The connections that this process has to a server of databases; not there where the store is a file. */
  connections?: (() => { inUse: number; idle: number; waiting: number }) | undefined;
  /** The nodes of a distributed store that did not respond when they were last asked; not there for other stores. */
  lostNodes?: (() => LostNode[]) | undefined;
  /**
   * Distributes the tables of organizations over the nodes of the Citus cluster whose coordinator the database is on,
   * those that are not distributed yet; answers which, with the number of their rows. Nobody else may use the store
   * meanwhile. Not there for stores that cannot be distributed.
   *
   * @throws UserError if the database is not on such a coordinator, or is used by others.
   */
  distribute?: (options?: DistributeOptions) => Promise<{ table: string; rows: number }[]>;
  /** The tables of a distributed store that are not where they belong, in words; undefined for other stores. */
  findMisplaced?: () => Promise<string[] | undefined>;
  /** Problems found in the store's own files, in words; empty when sound. */
  check(): Promise<string[]>;
  close(): Promise<void>;
};

/** How a store is distributed. */
export type DistributeOptions = {
  /** How many shards each table gets; undefined for the setting citus.shard_count. */
  shards?: number | undefined;
  /** Refuses if other processes of Rollcall are connected, which would go on with statements of before. */
  isAlone?: boolean;
  /** Told how many tables are distributed. */
  onTable?: (done: number, total: number) => void;
};

/** A node of a distributed store that does not respond: its host and port, and the reason. */
export type LostNode = { node: string; reason: string };

/** The store did not let a writer in within the time it waits. */
export class StoreBusyError extends Error {}

/** @throws StoreUnavailableError if a node of a distributed store has not responded: what is not found may be there. */
export function requireEveryNode({ lostNodes }: Pick<Database, 'lostNodes'>): void {
  const [lost] = lostNodes?.() ?? [];
  if (lost)
    throw new StoreUnavailableError(`The node ${lost.node} does not respond: ${lost.reason}`);
}

/** Somebody keeps one organization from being written to for a while; others can be. */
export class OrganizationBusyError extends StoreBusyError {}

/** The store does not answer; it may later. */
export class StoreUnavailableError extends Error {}

/** The store cannot be read or written as things stand with its disk; it may later. */
export class StoreFaultError extends StoreUnavailableError {
  readonly fault: StorageFault;

  constructor(fault: StorageFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** A constraint refused the write: something with the same key is there already. */
export class DuplicateError extends Error {}
