/**
 * What a request came to when it did not come to an answer that can be used.
 *
 * `id` is the server's own word for it (`unauthorized`, `not_found`, `bad_request`, ...), or one of these:
 * `connection_failed` and `timed_out` where no whole answer came, `unexpected_answer` where it is not the Discovery
 * API's, `invalid_option` where the client was given something that it cannot use.
 */
export class RollcallError extends Error {
  readonly id: string;
  /** The HTTP status of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** The next step, where the server named one. */
  readonly hint: string | undefined;
  /** How long the server asked to wait before trying again. */
  readonly retryAfterMs: number | undefined;

  constructor(id: string, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'RollcallError';
    this.id = id;
    this.status = details.status;
    this.hint = details.hint;
    this.retryAfterMs = details.retryAfterMs;
  }
}

type ErrorDetails = {
  status?: number | undefined;
  hint?: string | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
};
