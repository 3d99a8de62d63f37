import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from './create-http-server.ts';
import { observe, type RequestObserver } from './observe-requests.ts';
import { credentialOf, type RateLimit } from './rate-limit.ts';
import { requestId } from './request-id.ts';

/** An answer, with every header of it that is not of one request only, nor of every answer. */
export type Answer = {
  route: string;
  status: number;
  /** Names and values in turns. */
  headers: readonly string[];
  body: Buffer | undefined;
  /** To be called once nothing reads `body` any more. */
  giveBack?: (() => void) | undefined;
};

/** Finds or makes the answer to a request. Where there is none, or making it fails, the framework answers. */
export type AnswerAhead = (request: IncomingMessage) => Answer | Promise<Answer> | undefined;

type Parts = {
  isClosing: () => boolean;
  find: AnswerAhead;
  observers: readonly RequestObserver[];
  limit: RateLimit | undefined;
  /** Of every answer; names and values in turns. */
  headers: readonly string[];
};

type Asked = {
  startedMs: number;
  window: ReturnType<RateLimit['windowOf']> | undefined;
  answer: Answer;
};

/**
 * Answers requests before the framework sees them, which would take as long as all the rest. What is done for every
 * request is done here too: it has an id, is observed, and counts for the limit.
 */
export function answerAhead(app: HttpServer, { isClosing, find, ...parts }: Parts): void {
  const { observers, limit, headers: always } = parts;

  const send = (
    request: IncomingMessage,
    response: ServerResponse,
    { startedMs, window, answer }: Asked,
  ) => {
    const { route, status, headers, body, giveBack } = answer;
    const id = requestId(request);
    const sent = [...always, ...headers, 'x-request-id', id];
    if (limit && window) {
      if (status === 304) window.used--;
      sent.push(...Object.entries(limit.headersOf(window)).flat());
    }
    observe(observers, request, response, { id, route }, startedMs);
    // Only then has the system taken over the last byte, or nobody waits for it any more.
    if (giveBack) response.once('close', giveBack);
    if (body) sent.push('content-length', String(body.length));
    response.writeHead(status, sent).end(body);
  };

  const { server } = app;
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const leave = () => app.routing(request, response);
    // Requests sent at once on one connection take turns, and a server that closes says so: the framework sees to that.
    if (response.socket === null || isClosing()) return leave();
    const startedMs = performance.now();
    const credential = limit && credentialOf(request.headers);
    const window = credential === undefined ? undefined : limit?.windowOf(credential);
    if (window && limit?.isUsedUp(window)) return leave();
    const found = find(request);
    if (found === undefined) return leave();
    // Now, so that requests that are answered at the same time count, too.
    if (window) window.used++;
    if (!(found instanceof Promise)) {
      send(request, response, { startedMs, window, answer: found });
      return;
    }
    const leaveAfterAll = () => {
      if (window) window.used--;
      leave();
    };
    found.then((answer) => {
      // Whoever hung up meanwhile gets no answer, but is observed.
      if (isClosing() || response.closed) {
        answer.giveBack?.();
        leaveAfterAll();
      } else {
        send(request, response, { startedMs, window, answer });
      }
    }, leaveAfterAll);
  });
}
