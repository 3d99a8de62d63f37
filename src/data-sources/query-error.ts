import { cleaned, shortened } from '../text.ts';

/** Why a query has no result, by its `code`. */
export const queryErrors = {
  sql_error: 'The engine refused the SQL, or failed at it; the message is its own.',
  not_a_query: 'The text is not exactly one statement that reads.',
  time_limit: 'The query took longer than it may, and was stopped.',
  memory_limit: 'The query needed more memory than it may, and was stopped.',
  cancelled: 'Somebody stopped the query, or the server is stopping.',
  connection_failed: 'The data source did not answer, or did not let the query in.',
  host_refused: 'The data source is at an address that the server is set not to connect to.',
  process_died: 'The process that ran the query ended; nothing else is known.',
} as const;

export type QueryErrorCode = keyof typeof queryErrors;

/** What is known of a failed query; plain, so that it passes from process to process. */
export type QueryFailure = {
  code: QueryErrorCode;
  /** For the analyst, in the engine's own words where it has some; names no path of this machine. */
  message: string;
  /** Line of the SQL, from 1; undefined where the engine does not say. */
  line?: number | undefined;
  /** Character of that line, from 1. */
  position?: number | undefined;
};

/** An engine may quote what it was given, all of it. */
const LONGEST_MESSAGE = 10_000;

export class QueryError extends Error {
  readonly code: QueryErrorCode;
  readonly line: number | undefined;
  readonly position: number | undefined;

  /** @param options a cause is for the log alone. */
  constructor({ code, message, line, position }: QueryFailure, options?: ErrorOptions) {
    super(shortened(cleaned(message), LONGEST_MESSAGE), options);
    this.code = code;
    this.line = line;
    this.position = position;
  }
}
