import { RollcallError } from './errors.ts';
import { isTransient, parseRetryAfter, pause, type RetryPolicy, retryDelay } from './retry.ts';

/** How requests are sent. */
export type Exchange = RetryPolicy & {
  fetch: typeof globalThis.fetch;
  /** How long one attempt may take, its body included. */
  timeoutMs: number;
  /** Told before each wait. */
  onRetry: ((event: RetryEvent) => void) | undefined;
};

/** A request failed and will be sent again after this wait. */
export type RetryEvent = { error: RollcallError; retry: number; delayMs: number };

type Request = {
  url: string;
  /** Undefined where the browser's session says who calls. */
  authorization: string | undefined;
  signal: AbortSignal | undefined;
};

/** The JSON that a GET answers. A failure that may pass is retried. */
export async function getJson(exchange: Exchange, request: Request): Promise<unknown> {
  return (await getTagged(exchange, request)).answer;
}

/** The same, with what the headers say of the answer. */
export async function getTagged(exchange: Exchange, request: Request): Promise<TaggedAnswer> {
  for (let retry = 1; ; retry++) {
    try {
      return await sendTagged(exchange, { ...request, method: 'GET', body: undefined });
    } catch (error) {
      if (!isTransient(error) || retry > exchange.retries) throw error;
      const delayMs = retryDelay(exchange, retry, error.retryAfterMs);
      exchange.onRetry?.({ error, retry, delayMs });
      await pause(delayMs, request.signal);
    }
  }
}

/** One request as it is sent. */
type Sent = Request & {
  method: string;
  body: unknown;
  /** The ETag that what is changed must have. */
  ifMatch?: string | undefined;
};

/** The JSON that one request answers; undefined where it answers nothing. @throws RollcallError, or the signal's reason once it is aborted. */
export async function sendOnce(
  exchange: Pick<Exchange, 'fetch' | 'timeoutMs'>,
  sent: Sent,
): Promise<unknown> {
  return (await sendTagged(exchange, sent)).answer;
}

/** What a request answers, its ETag, and from where changes go on. */
export type TaggedAnswer = { answer: unknown; etag: string | null; cursor: string | null };

/** The same, with what the headers say of it. */
export async function sendTagged(
  { fetch, timeoutMs }: Pick<Exchange, 'fetch' | 'timeoutMs'>,
  { url, authorization, signal, method, body, ifMatch }: Sent,
): Promise<TaggedAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (authorization !== undefined) headers.authorization = authorization;
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    if (timeout.aborted) {
      throw new RollcallError('timed_out', `No answer within ${timeoutMs} ms from ${url}.`, {
        cause,
      });
    }
    throw new RollcallError(
      'connection_failed',
      `The connection to ${url} failed: ${reason(cause)}.`,
      { cause },
    );
  }
  const answer = parseJson(text);
  if (!response.ok) throw refusal(url, response, answer);
  if (answer === undefined && response.status !== 204) {
    throw new RollcallError(
      'unexpected_answer',
      `${url} answered ${mediaType(response)} instead of JSON; is it the address of a Rollcall server?`,
      { status: response.status },
    );
  }
  const { headers: said } = response;
  return { answer, etag: said.get('etag'), cursor: said.get('rollcall-cursor') };
}

/** What a status other than 2xx means, in the server's words where it has any. */
function refusal(url: string, response: Response, answer: unknown): RollcallError {
  const { id, message, hint } = (answer ?? {}) as Record<string, unknown>;
  const { status } = response;
  const said =
    message === undefined
      ? `with ${mediaType(response)} that does not say why`
      : typeof message === 'string'
        ? message
        : JSON.stringify(message);
  return new RollcallError(
    typeof id === 'string' ? id : `status_${status}`,
    `${url} answered ${status}: ${said}`,
    {
      status,
      hint: typeof hint === 'string' ? hint : undefined,
      retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mediaType(response: Response): string {
  return response.headers.get('content-type')?.split(';')[0] ?? 'something without a type';
}

/** Node says "fetch failed" and keeps what happened in the cause, without words where several addresses were tried. */
function reason(error: unknown): string {
  const { message, cause } = error as {
    message?: string;
    cause?: { message?: string; code?: string };
  };
  return cause?.message || cause?.code || message || String(error);
}
