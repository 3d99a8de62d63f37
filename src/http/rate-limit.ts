import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { errorResponses } from './error-response.ts';

const WINDOW_MS = 60_000;

/** How much of the limit a caller has used, in the minute that began with its first request. */
export type Window = { used: number; endsAtMs: number };

/**
 * How many requests a minute a caller may send. A caller is the one who sends a credential, right or wrong: nobody uses up
 * what is another's, and to refuse costs the store nothing. Without a credential it is the address. A 304 is free. Each
 * server counts for itself.
 */
export class RateLimit {
  readonly requestsPerMinute: number;
  /** What tells the callers apart that send a credential; undefined where a request has none. */
  readonly callerOf: (headers: IncomingHttpHeaders) => string | undefined;
  readonly #clock: Clock;
  /** By caller, in the order in which they end. */
  readonly #windows = new Map<string, Window>();

  constructor({
    requestsPerMinute,
    callerOf,
    clock,
  }: Pick<RateLimit, 'requestsPerMinute' | 'callerOf'> & { clock: Clock }) {
    this.requestsPerMinute = requestsPerMinute;
    this.callerOf = callerOf;
    this.#clock = clock;
  }

  windowOf(caller: string): Window {
    const nowMs = this.#clock();
    for (const [key, { endsAtMs }] of this.#windows) {
      if (endsAtMs > nowMs) break;
      this.#windows.delete(key);
    }
    let window = this.#windows.get(caller);
    if (window === undefined) {
      window = { used: 0, endsAtMs: nowMs + WINDOW_MS };
      this.#windows.set(caller, window);
    }
    return window;
  }

  isUsedUp({ used }: Window): boolean {
    return used >= this.requestsPerMinute;
  }

  secondsLeft({ endsAtMs }: Window): number {
    return Math.ceil((endsAtMs - this.#clock()) / 1000);
  }

  /** What an answer says of the limit. */
  headersOf(window: Window): { 'ratelimit-policy': string; ratelimit: string } {
    const remaining = this.requestsPerMinute - window.used;
    return {
      'ratelimit-policy': `"default";q=${this.requestsPerMinute};w=${WINDOW_MS / 1000}`,
      ratelimit: `"default";r=${remaining};t=${this.secondsLeft(window)}`,
    };
  }
}

/** The limit that the configuration sets; undefined where it sets none. */
export function rateLimitOf(
  { rateLimit }: { rateLimit: number | undefined },
  parts: Pick<RateLimit, 'callerOf'> & { clock: Clock },
): RateLimit | undefined {
  return rateLimit ? new RateLimit({ requestsPerMinute: rateLimit, ...parts }) : undefined;
}

/** Holds every caller to the limit, and says in `RateLimit` what is left. */
export function limitRate(app: FastifyInstance, limit: RateLimit): void {
  const windowOf = new WeakMap<FastifyRequest, Window>();

  app.addHook('onRoute', ({ schema, config }) => {
    if (config?.isForOperators || !schema?.response) return;
    Object.assign(schema.response, errorResponses('too_many_requests'));
  });
  app.addHook('onRequest', async (request, reply) => {
    // A browser asks by OPTIONS before each request; that is not the caller's doing.
    if (request.method === 'OPTIONS' || request.routeOptions.config.isForOperators) return;
    const window = limit.windowOf(limit.callerOf(request.headers) ?? request.ip);
    windowOf.set(request, window);
    if (limit.isUsedUp(window)) {
      const seconds = limit.secondsLeft(window);
      reply.header('retry-after', seconds);
      throw new ApiError(
        'too_many_requests',
        `More than ${limit.requestsPerMinute} requests within a minute.`,
        `Try again in ${seconds} s. The header RateLimit of every response shows what is left.`,
      );
    }
    window.used++;
  });
  app.addHook('onSend', async (request, reply) => {
    const window = windowOf.get(request);
    if (window === undefined) return;
    if (reply.statusCode === 304) window.used--;
    reply.headers(limit.headersOf(window));
  });
}
