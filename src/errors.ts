import { shortened } from './text.ts';

/**
 * Every error that an API answers, by its `id`. The ids bad_request, unauthorized, forbidden and not_found are
 * the ones that clients of the Discovery API know. `docs/errors.md` lists them all; a test holds the two together.
 */
export const errors = {
  bad_request: {
    status: 400,
    meaning: 'The request has a parameter, field or body that is not accepted.',
  },
  unauthorized: {
    status: 401,
    meaning: 'The credential is missing, malformed, unknown, revoked or expired.',
  },
  forbidden: { status: 403, meaning: 'The credential is valid, and does not allow this.' },
  not_found: { status: 404, meaning: 'Nothing that this credential may see has that address.' },
  method_not_allowed: {
    status: 405,
    meaning: 'The address exists, and does not answer this method.',
  },
  request_timeout: { status: 408, meaning: 'The request took too long to arrive.' },
  conflict: { status: 409, meaning: 'It clashes with something that is there already.' },
  gone: {
    status: 410,
    meaning: 'The cursor is of a time about which the server no longer knows everything.',
  },
  precondition_failed: {
    status: 412,
    meaning: 'The thing is no longer in the state that If-Match names.',
  },
  payload_too_large: { status: 413, meaning: 'The body is larger than the server accepts.' },
  uri_too_long: { status: 414, meaning: 'The address is longer than the server accepts.' },
  unsupported_media_type: {
    status: 415,
    meaning: 'The body is of a kind that the server does not read.',
  },
  data_source_failed: {
    status: 422,
    meaning: 'The data source did not do what it was asked; the message is its own.',
  },
  too_many_requests: {
    status: 429,
    meaning:
      'The caller has sent more requests than it may within a minute, or too many sign-ins have failed.',
  },
  queue_full: {
    status: 429,
    meaning:
      'As many runs of the organization wait as may, or a download has waited for its turn as long as it may.',
  },
  headers_too_large: { status: 431, meaning: 'The headers are larger than the server accepts.' },
  internal_error: {
    status: 500,
    meaning: 'A fault of the server; its cause is in the server’s log.',
  },
  busy: {
    status: 503,
    meaning: 'The server cannot do this just now; the same request may work later.',
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
