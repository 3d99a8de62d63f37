import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ObservedRequests } from './observe-requests.ts';
import { onResponseEnd } from './on-response-end.ts';
import type { RateLimit, Window } from './rate-limit.ts';
import { requestId } from './request-id.ts';

/** An answer, with every header of it that is not of one request only, nor of every answer. */
export type Answer = {
  route: string;
  status: number;
  /** Names and values in turns. */
  headers: readonly string[];
  /** Parts are sent one after the other, and may be for sockets alone. A stream is sent by the framework's route. */
  body: Buffer | readonly (string | Buffer)[] | Readable | undefined;
  /** To be called once nothing reads `body` any more. */
  release?: (() => void) | undefined;
};

type AnswerAtOnce = Answer & { body: Exclude<Answer['body'], Readable> };

/**
 * Finds an answer, or begins to make it. Undefined where the framework is to answer, as it must be where the request is no
 * GET, has no Host, has a body or comes from a page of another origin. Where making it fails, it is a stream, or it is not
 * sent after all, the framework's route takes over what was begun.
 */
export type FindAnswer = (request: IncomingMessage) => Answer | Promise<Answer> | undefined;

const left = new WeakMap<IncomingMessage, Promise<Answer>>();

/** What was begun for a request before it was left to a route; it is released from here. */
export function answerUnderWay(request: IncomingMessage): Promise<Answer> | undefined {
  return left.get(request);
}

type Parts = {
  isClosing: () => boolean;
  observed: ObservedRequests;
  limit: RateLimit | undefined;
  /** Of every answer; names and values in turns. */
  headers: readonly string[];
};

/**
 * What answers requests before the framework sees them, whose way from one to the other is long, and leaves the others to
 * it. What is done for every request is done here too: it has an id, is observed, and counts for the limit.
 */
export function fastPath(
  otherwise: RequestListener,
  findAnswer: FindAnswer,
  { isClosing, observed, limit, headers: always }: Parts,
): RequestListener {
  const send = (
    request: IncomingMessage,
    response: ServerResponse,
    { route, status, headers, body, release }: AnswerAtOnce,
    window: Window | undefined,
  ) => {
    const id = requestId(request);
    const sent = [...always, ...headers, 'x-request-id', id];
    if (limit && window) {
      if (status === 304) window.used--;
      sent.push(...Object.entries(limit.headersOf(window)).flat());
    }
    observed.tellEnd(request, response, { id, route }, release);
    response.writeHead(status, sent);
    if (body === undefined || body instanceof Buffer) return void response.end(body);
    // What is written in one turn leaves in one call of the system.
    const last = body.length - 1;
    for (let at = 0; at < last; at++) response.write(body[at], 'latin1');
    response.end(body[last], 'latin1');
  };

  return (request, response) => {
    observed.begin(request);
    const leave = () => otherwise(request, response);
    // Requests sent at once on one connection take turns, and a server that closes says so: the framework sees to that.
    if (response.socket === null || isClosing()) return leave();
    if (!hasOneHost(request.rawHeaders)) return leave();
    const caller = limit?.callerOf(request.headers);
    const window = caller === undefined ? undefined : limit?.windowOf(caller);
    if (window && limit?.isUsedUp(window)) return leave();
    const answer = orNone(() => findAnswer(request));
    if (answer === undefined) return leave();
    // Now, so that requests that are answered at the same time count, too.
    if (window) window.used++;
    const leaveAfterAll = () => {
      if (window) window.used--;
      if (answer instanceof Promise) left.set(request, answer);
      leave();
    };
    const sendOrLeave = (made: Answer) => {
      if (isAtOnce(made) && !isClosing() && !response.closed) {
        return send(request, response, made, window);
      }
      // Whether its route is reached or not.
      if (made.release) onResponseEnd(response, made.release);
      leaveAfterAll();
    };
    if (answer instanceof Promise) answer.then(sendOrLeave, leaveAfterAll);
    else sendOrLeave(answer);
  };
}

function isAtOnce(answer: Answer): answer is AnswerAtOnce {
  return !(answer.body instanceof Readable);
}

/** Whether a request names at most one host: of several, a proxy before us may have taken another than we would. */
export function hasOneHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts < 2;
}

/** What is thrown here would end the process; the framework meets it again, and answers. */
function orNone<Result>(find: () => Result): Result | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}
