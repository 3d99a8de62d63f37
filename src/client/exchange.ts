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

/** The JSON that a GET answers; see `getTagged`. */
export async function getJson(
  exchange: Exchange,
  request: Request,
  options?: { heldMs?: number },
): Promise<unknown> {
  return (await getTagged(exchange, request, options)).answer;
}

/** For how long a request that the server holds back has to have waited, so that its end is no sign of a server that is away. */
const HELD_MS = 1000;

/**
 * The JSON that a GET answers, and what the headers say of it. A failure that may pass is retried.
 *
 * @param heldMs for how long the server was asked to hold its answer back by a caller who waits for ever: proxies end what
 *   is silent for long, so a failure after some of that time is none, however often it comes.
 */
export async function getTagged(
  exchange: Exchange,
  request: Request,
  { heldMs = 0 }: { heldMs?: number } = {},
): Promise<TaggedAnswer> {
  for (let retry = 1; ; retry++) {
    const sentMs = Date.now();
    try {
      return await sendTagged(exchange, { ...request, method: 'GET', body: undefined });
    } catch (error) {
      if (!isTransient(error)) throw error;
      const wasHeld = heldMs > 0 && Date.now() - sentMs >= Math.min(heldMs / 2, HELD_MS);
      if (wasHeld) retry = 1;
      else if (retry > exchange.retries) throw error;
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
  let response: Response | undefined;
  let bytes: ArrayBuffer;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      // A redirect turns a POST into a GET.
      redirect: method === 'GET' ? 'follow' : 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    bytes = await response.arrayBuffer();
  } catch (cause) {
    signal?.throwIfAborted();
    if (timeout.aborted) {
      throw new RollcallError('timed_out', `No response within ${timeoutMs} ms from ${url}.`, {
        cause,
      });
    }
    throw failureOf(url, cause, response);
  }
  refuseRedirect(url, response);
  const answer = readAnswer(url, response, bytes);
  const { headers: said } = response;
  return { answer, etag: said.get('etag'), cursor: said.get('rollcall-cursor') };
}

/** The JSON of a whole answer; undefined where there is nothing to answer. */
function readAnswer(url: string, response: Response, bytes: ArrayBuffer): unknown {
  const { status, ok } = response;
  const text = decode(bytes);
  const answer = text === undefined ? undefined : parseJson(text);
  if (!ok) throw refusal(url, response, answer);
  if (answer !== undefined || status === 204) return answer;
  const isCut = text === '' || isJson(response);
  if (isCut && text !== undefined) {
    // A proxy that loses the server ends what it passed on as if that were all.
    const what = `is not complete JSON: it ended early, or was damaged, after ${bytes.byteLength} bytes`;
    throw new RollcallError('connection_failed', `The response of ${url} ${what}.`);
  }
  const is = isCut ? 'JSON that is not UTF-8' : `${mediaType(response)} instead of JSON`;
  throw new RollcallError(
    'unexpected_answer',
    `${url} returned ${is}. Is it the URL of a Rollcall server?`,
    { status, isTransient: true }, // as a proxy's page that the server is being repaired
  );
}

/** Nothing is taken from another origin: the credential is not sent there, so it would be an answer to somebody else. */
function refuseRedirect(url: string, response: Response): void {
  const { status, type, redirected, headers } = response;
  const isUnfollowed = type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(status);
  const target = isUnfollowed ? headers.get('location') : redirected ? response.url : null;
  const to = target !== null && URL.canParse(target, url) ? new URL(target, url) : undefined;
  const isElsewhere = to !== undefined && to.origin !== new URL(url).origin;
  if (!isUnfollowed && !isElsewhere) return;
  const where = to === undefined ? 'another address' : to.origin + to.pathname;
  const why = isElsewhere ? ', another origin, to which the credential is not sent' : '';
  throw new RollcallError('redirected', `${url} redirects to ${where}${why}.`, {
    status: isUnfollowed ? status : undefined,
    hint: isElsewhere
      ? `If that is your server, use its own URL: ${to.origin}`
      : 'Use the URL that it redirects to.',
    isTransient: false,
  });
}

/** What a status other than 2xx means, in the server's words where it has any. */
function refusal(url: string, response: Response, answer: unknown): RollcallError {
  const { id, message, hint } = (answer ?? {}) as Record<string, unknown>;
  const { status } = response;
  const said =
    message === undefined
      ? `with ${mediaType(response)} that does not say why${isOfProxy(status) ? PROXY : ''}`
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

const PROXY = '; it is from a proxy that got no response from the server in time';
/** 502 to 504 are what proxies say; from 520 on what some of them say besides. */
const isOfProxy = (status: number) => (status >= 502 && status <= 504) || status >= 520;

function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined; // not UTF-8, so damaged
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isJson(response: Response): boolean {
  return /^application\/(?:[\w.+-]+\+)?json$/i.test(mediaType(response).trim());
}

function mediaType(response: Response): string {
  return response.headers.get('content-type')?.split(';')[0] ?? 'something without a type';
}

/** What happened to a connection, before anything was answered or within the answer. */
function failureOf(url: string, cause: unknown, response: Response | undefined): RollcallError {
  const { code = '', what } = reason(cause);
  if (what === 'redirect count exceeded')
    return new RollcallError('redirected', `${url} redirects in a loop.`, { cause });
  const isCompression = /^(Z_|ERR_BROTLI|ERR__ERROR|ERR_ZSTD|ZSTD_)/.test(code);
  const message = isCompression
    ? `The compression of the response of ${url} is damaged: ${what}.`
    : response === undefined
      ? `The connection to ${url} failed: ${what}.`
      : `The response of ${url} ended early: ${what}.`;
  return new RollcallError('connection_failed', message, { cause });
}

/** Node says "fetch failed" and keeps what happened in the cause, without words where several addresses were tried. */
function reason(error: unknown): { code: string | undefined; what: string } {
  const { message, cause } = error as {
    message?: string;
    cause?: { message?: string; code?: string };
  };
  const what = cause?.message || cause?.code || message || String(error);
  return { code: cause?.code, what };
}
