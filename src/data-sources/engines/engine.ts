import type { DuckDBConnection } from '@duckdb/node-api';
import type { Connection } from '../kinds.ts';
import type { PrivateHosts, QueryJob, QueryResult, QueryTable, Session } from '../query-job.ts';

export type Circumstances = {
  /** An empty DuckDB for users' SQL. */
  sandbox: DuckDBConnection;
  /** Another for our own, which writes the result and reads it back. */
  writer: DuckDBConnection;
  /** Aborted when the query has to stop: it then ends soon, with whatever error. */
  signal: AbortSignal;
  /** Whether the data source may be on a private network. */
  privateHosts: PrivateHosts;
  /** A folder for what the work needs on its way, which is removed after it; it may not be there yet. */
  scratch: string;
  /** A folder of all queries, where what is found out about files is kept; undefined to keep nothing. */
  looks: string | undefined;
  /** To be told when files are looked at and when that is over: it is not the query's time. */
  onLooking(isLooking: boolean): void;
  /** To be told before the query begins, where it is a server that runs it and that another connection can stop it at. */
  onSession(session: Session): void;
};

/**
 * How the SQL of one adapter runs. A process is told one thing once, so nothing has to be left tidy in it; what a server
 * keeps for a connection does, since that may be a pooler's that others use afterwards.
 */
export type Engine<Of extends Connection> = {
  run(job: QueryJob & { connection: Of }, circumstances: Circumstances): Promise<QueryResult>;
  describe(connection: Of, circumstances: Circumstances): Promise<QueryTable[]>;
  test(connection: Of, circumstances: Circumstances): Promise<void>;
  /** Ends on the server what a session does there, whichever process began it. Nothing where it does nothing any more. */
  stop?(connection: Of, session: Session, circumstances: Circumstances): Promise<void>;
};

/** An editor completes the names of so many tables, and of so many columns in all. */
export const DESCRIBED = { tables: 1_000, columns: 20_000 };
