import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type CutOff, findCutOff } from './cut-off.ts';
import { onResponseEnd } from './on-response-end.ts';

/** 499 is what nginx says. */
const NOT_ANSWERED = { disconnectSignal: 499, byUs: 503 } as const;

/** What a request is known by. */
export type RequestName = {
  id: string;
  /** The path of the route that takes it, or `none`. Its own path may hold what a confused client put there, even a secret. */
  route: string;
  isForOperators?: boolean | undefined;
};

/** A request that is over: it was answered, or somebody ended the connection before. */
export type EndedRequest = RequestName & {
  method: string | undefined;
  /** Where nothing was answered, 499 if the client hung up and 503 if we did. */
  status: number;
  /** Who ended the connection before the whole answer was sent: the client, or we, and why. */
  cutOff: 'client' | CutOff | undefined;
  /** From its headers to the last byte of its answer. */
  ms: number;
};

/** Is told of every request that begins; what it answers is told how the request ended. */
export type RequestObserver = (request: IncomingMessage) => (ended: EndedRequest) => void;

/** A request that somebody was told of. */
type Begun = { startedMs: number; endings: readonly ((ended: EndedRequest) => void)[] };

/** Tells observers of requests. */
export class ObservedRequests {
  readonly #observers: readonly RequestObserver[];
  readonly #begun = new WeakMap<IncomingMessage, Begun>();

  constructor(observers: readonly RequestObserver[]) {
    this.#observers = observers;
  }

  /** Tells that a request has begun; to be called as soon as its headers are there, more often does no harm. */
  begin(request: IncomingMessage): void {
    if (this.#begun.has(request)) return;
    const endings = this.#observers.map((begins) => begins(request));
    this.#begun.set(request, { startedMs: performance.now(), endings });
  }

  /** Tells how a request ends, once it is known what answers it. @param release to be called then, too. */
  tellEnd(
    request: IncomingMessage,
    response: ServerResponse,
    name: RequestName,
    release?: () => void,
  ): void {
    this.begin(request);
    const { startedMs, endings } = this.#begun.get(request) as Begun;
    onResponseEnd(response, () => {
      release?.();
      // Left there, it would outlive many others: what it holds holds the request.
      this.#begun.delete(request);
      const ours = findCutOff(request.socket);
      const cutOff: EndedRequest['cutOff'] =
        ours ?? (response.writableFinished ? undefined : 'client');
      const unanswered = ours ? NOT_ANSWERED.byUs : NOT_ANSWERED.disconnectSignal;
      const ended = {
        ...name,
        method: request.method,
        status: response.headersSent ? response.statusCode : unanswered,
        cutOff,
        ms: performance.now() - startedMs,
      };
      for (const ends of endings) ends(ended);
    });
  }
}

/** Observes every request that the framework takes. */
export function observeRequests(app: FastifyInstance, observed: ObservedRequests): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route = 'none', config } = request.routeOptions;
    const { isForOperators } = config;
    observed.tellEnd(request.raw, reply.raw, { id: request.id, route, isForOperators });
    done();
  });
}
