import { shortened } from './text.ts';

/**
 * Every error that an API answers, by its `id`. The ids bad_request, unauthorized, forbidden and not_found are
 * the ones that clients of the Discovery API know. `docs/errors.md` lists them all; a test holds the two together.
 */
export const errors = {
  bad_request: {
    status: 400,
    meaning: 'The request has an invalid parameter, field or body.',
  },
  unauthorized: {
    status: 401,
    meaning: 'The credential is missing, malformed, unknown, revoked or expired.',
  },
  forbidden: { status: 403, meaning: 'The credential is valid but does not allow this.' },
  not_found: {
    status: 404,
    meaning: 'The address does not exist, or the credential cannot see it.',
  },
  method_not_allowed: {
    status: 405,
    meaning: 'The address exists but does not support this method.',
  },
  request_timeout: { status: 408, meaning: 'The request took too long to arrive.' },
  conflict: { status: 409, meaning: 'It conflicts with an existing resource.' },
  gone: {
    status: 410,
    meaning: 'The cursor has expired: older changes were purged.',
  },
  precondition_failed: {
    status: 412,
    meaning: 'The resource has changed since the state in If-Match.',
  },
  payload_too_large: { status: 413, meaning: 'The body is larger than the server accepts.' },
  uri_too_long: { status: 414, meaning: 'The address is longer than the server accepts.' },
  unsupported_media_type: {
    status: 415,
    meaning: 'The server does not support the media type of the body.',
  },
  data_source_failed: {
    status: 422,
    meaning: 'The data source failed; the message is its own.',
  },
  too_many_requests: {
    status: 429,
    meaning: 'The client has exceeded the rate limit, or too many sign-ins have failed.',
  },
  queue_full: {
    status: 429,
    meaning: 'The organization’s run queue is full, or a download has waited too long.',
  },
  headers_too_large: { status: 431, meaning: 'The headers are larger than the server accepts.' },
  internal_error: {
    status: 500,
    meaning: 'A fault of the server; the cause is in the server’s log.',
  },
  busy: {
    status: 503,
    meaning: 'The server cannot do this at the moment; the same request can succeed later.',
  },
} as const;

export type ErrorId = keyof typeof errors;

/** An error for the caller: the message names the value and what is accepted, the hint the next step. */
export class ApiError extends Error {
  readonly id: ErrorId;
  readonly hint: string | undefined;
  /** With too_many_requests and busy: after how many seconds the same request may work. */
  readonly retryAfterSeconds: number | undefined;
  /** With unauthorized: what `WWW-Authenticate` asks for. */
  readonly challenge: string | undefined;

  constructor(
    id: ErrorId,
    message: string,
    hint?: string,
    { retryAfterSeconds, challenge }: { retryAfterSeconds?: number; challenge?: string } = {},
  ) {
    super(message);
    this.id = id;
    this.hint = hint;
    this.retryAfterSeconds = retryAfterSeconds;
    this.challenge = challenge;
  }

  get status(): number {
    return errors[this.id].status;
  }
}

/** A value as an error message shows it: quoted, and cut where it is long. */
export function quoted(value: unknown): string {
  return JSON.stringify(shortened(typeof value === 'string' ? value : asJson(value), 80));
}

function asJson(value: unknown): string {
  // JSON has no such number, and calls it null.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return 'nested too deeply to show'; // for the stack of whoever writes it
  }
}

/** An error for whoever uses the command line: said without a stack trace, exit code 1. */
export class UserError extends Error {}
