import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked by machines that watch the server, every few seconds: not logged as `info`, and never limited. */
    isForOperators?: true;
  }
}

/** What a request is known by. */
export type RequestName = {
  id: string;
  /** The path of the route that takes it, or `none`. Its own path may hold what a confused client put there, even a secret. */
  route: string;
  isForOperators?: boolean | undefined;
};

/** A request that is over: it was answered, or its client hung up before. */
export type EndedRequest = RequestName & {
  method: string | undefined;
  status: number;
  isAborted: boolean;
  /** From its headers to the last byte of its answer. */
  ms: number;
};

/** Is told of every request that begins; what it answers is told how the request ended. */
export type RequestObserver = (request: IncomingMessage) => (ended: EndedRequest) => void;

/** Tells observers of every request that the framework takes. */
export function observeRequests(app: FastifyInstance, observers: readonly RequestObserver[]): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route = 'none', config } = request.routeOptions;
    const name = { id: request.id, route, isForOperators: config.isForOperators };
    observe(observers, request.raw, reply.raw, name);
    done();
  });
}

/** Tells observers of one request, whose headers were there at `startedMs`. */
export function observe(
  observers: readonly RequestObserver[],
  request: IncomingMessage,
  response: ServerResponse,
  name: RequestName,
  startedMs = performance.now(),
): void {
  const endings = observers.map((begins) => begins(request));
  const end = () => {
    const ended = {
      ...name,
      method: request.method,
      status: response.statusCode,
      isAborted: !response.writableFinished,
      ms: performance.now() - startedMs,
    };
    for (const ends of endings) ends(ended);
  };
  if (response.closed) end();
  else response.once('close', end);
}
