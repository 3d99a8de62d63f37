/**
 * What a request came to when it did not come to an answer that can be used.
 *
 * `id` is the server's own word for it (`unauthorized`, `not_found`, `bad_request`, ...), or one of these:
 * `connection_failed` and `timed_out` where no whole answer came, `redirected` where the address leads to another,
 * `unexpected_answer` where it is not the Discovery API's, `invalid_option` where the client was given something that it
 * cannot use.
 */
export class RollcallError extends Error {
  readonly id: string;
  /** The HTTP status of the answer; undefined where none came. */
  readonly status: number | undefined;
  /** The next step, where the server named one. */
  readonly hint: string | undefined;
  /** How long the server asked to wait before trying again. */
  readonly retryAfterMs: number | undefined;
  /** Whether the same request may well work later. */
  readonly isTransient: boolean;

  constructor(id: string, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'RollcallError';
    this.id = id;
    this.status = details.status;
    this.hint = details.hint;
    this.retryAfterMs = details.retryAfterMs;
    this.isTransient = details.isTransient ?? mayPass(id, details.status);
  }
}

type ErrorDetails = {
  status?: number | undefined;
  hint?: string | undefined;
  retryAfterMs?: number | undefined;
  isTransient?: boolean;
  cause?: unknown;
};

function mayPass(id: string, status: number | undefined): boolean {
  if (status === undefined) return id === 'connection_failed' || id === 'timed_out';
  return status === 408 || status === 429 || status >= 500;
}
