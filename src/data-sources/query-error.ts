import { cleaned, shortened } from '../text.ts';

/** Why a query has no result, by its `code`. */
export const queryErrors = {
  sql_error: 'The engine rejected the SQL, or failed to run it; the message is its own.',
  not_a_query: 'The text is not exactly one statement that reads.',
  time_limit: 'The query was stopped at its time limit.',
  memory_limit: 'The query was stopped at its memory limit.',
  cancelled: 'The query was canceled, or the server is stopping.',
  connection_failed: 'The data source did not respond, or rejected the connection.',
  host_refused: 'The server is configured not to connect to the address of the data source.',
  process_died: 'The process of the query ended for an unknown reason.',
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
