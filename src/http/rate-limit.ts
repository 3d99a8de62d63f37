import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { credentialIn } from './authenticate.ts';
import type { HttpServer } from './create-http-server.ts';
import { errorResponses } from './error-response.ts';

const WINDOW_MS = 60_000;

/** How much of the limit a caller has used, in the minute that began with its first request. */
type Window = { used: number; endsAtMs: number };

/**
 * Lets a caller send so many requests a minute, and says in `RateLimit` what is left. A caller is the one who sends a
 * credential, right or wrong: nobody uses up what is another's, and to refuse costs the store nothing. Without a
 * credential it is the address. A 304 is free. Each server counts for itself.
 */
export function limitRate(
  app: HttpServer,
  { requestsPerMinute, clock }: { requestsPerMinute: number; clock: Clock },
): void {
  /** By caller, in the order in which they end. */
  const windows = new Map<string, Window>();
  const windowOf = new WeakMap<FastifyRequest, Window>();

  function currentWindow(caller: string): Window {
    const nowMs = clock();
    for (const [key, { endsAtMs }] of windows) {
      if (endsAtMs > nowMs) break;
      windows.delete(key);
    }
    let window = windows.get(caller);
    if (window === undefined) {
      window = { used: 0, endsAtMs: nowMs + WINDOW_MS };
      windows.set(caller, window);
    }
    return window;
  }
  const secondsLeft = ({ endsAtMs }: Window) => Math.ceil((endsAtMs - clock()) / 1000);

  app.addHook('onRoute', ({ schema, config }) => {
    if (config?.isForOperators || !schema?.response) return;
    Object.assign(schema.response, errorResponses('too_many_requests'));
  });
  app.addHook('onRequest', async (request, reply) => {
    // A browser asks by OPTIONS before each request; that is not the caller's doing.
    if (request.method === 'OPTIONS' || request.routeOptions.config.isForOperators) return;
    const window = currentWindow(callerOf(request));
    windowOf.set(request, window);
    if (window.used >= requestsPerMinute) {
      const seconds = secondsLeft(window);
      reply.header('retry-after', seconds);
      throw new ApiError(
        'too_many_requests',
        `More than ${requestsPerMinute} requests within a minute.`,
        `Try again in ${seconds} s. Every answer says in RateLimit what is left.`,
      );
    }
    window.used++;
  });
  app.addHook('onSend', async (request, reply) => {
    const window = windowOf.get(request);
    if (window === undefined) return;
    if (reply.statusCode === 304) window.used--;
    const remaining = requestsPerMinute - window.used;
    reply.header('ratelimit-policy', `"default";q=${requestsPerMinute};w=${WINDOW_MS / 1000}`);
    reply.header('ratelimit', `"default";r=${remaining};t=${secondsLeft(window)}`);
  });
}

/** A credential, which may be the cookie of a session, is kept as its hash only. */
function callerOf({ headers, ip }: FastifyRequest): string {
  const [session] = /rollcall-session=[0-9a-f]{64}/.exec(headers.cookie ?? '') ?? [];
  const credential = credentialIn(headers.authorization)?.encoded ?? session;
  if (credential === undefined) return ip;
  return createHash('sha256').update(credential).digest('base64');
}
