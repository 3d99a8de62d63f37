import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpServer } from './create-http-server.ts';
import { observe, type RequestObserver } from './observe-requests.ts';
import { credentialOf, type RateLimit } from './rate-limit.ts';
import { requestId } from './request-id.ts';

/** An answer that was given before, with every header of it that is not of one request only. */
export type GivenAnswer = {
  route: string;
  status: number;
  /** Names and values in turns. */
  headers: readonly string[];
  body: Buffer | undefined;
};

type Parts = {
  isClosing: () => boolean;
  /** The answer that this request is to get once more; undefined where it has to be made. */
  find: (request: IncomingMessage) => GivenAnswer | undefined;
  observers: readonly RequestObserver[];
  limit: RateLimit | undefined;
};

/**
 * Gives an answer once more before the framework sees the request, which would take as long as all the rest. What is done
 * for every request is done here too: it has an id, is observed, and counts for the limit.
 */
export function answerAgain(app: HttpServer, { isClosing, find, observers, limit }: Parts): void {
  const answer = (request: IncomingMessage, response: ServerResponse): boolean => {
    // Requests sent at once on one connection take turns, and a server that closes says so: the framework sees to that.
    if (response.socket === null || isClosing()) return false;
    const credential = limit && credentialOf(request.headers);
    const window = credential === undefined ? undefined : limit?.windowOf(credential);
    if (window && limit?.isUsedUp(window)) return false;
    const given = find(request);
    if (given === undefined) return false;
    const { route, status, headers, body } = given;
    const id = requestId(request);
    const sent = [...headers, 'x-request-id', id];
    if (limit && window) {
      if (status !== 304) window.used++;
      sent.push(...Object.entries(limit.headersOf(window)).flat());
    }
    observe(observers, request, response, { id, route });
    if (body) sent.push('content-length', String(body.length));
    response.writeHead(status, sent).end(body);
    return true;
  };
  const { server } = app;
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (!answer(request, response)) app.routing(request, response);
  });
}
