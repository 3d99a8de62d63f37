import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked by machines that watch the server, every few seconds: not logged as `info`, and never limited. */
    isForOperators?: true;
  }
}

/**
 * One line for each request when it is over, whether it was answered or its client hung up before. It names the route:
 * a path or a header may hold what a confused client put there, even a secret.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, log } = request;
    const level = routeOptions.config.isForOperators ? 'debug' : 'info';
    reply.raw.once('close', () => {
      log[level](
        {
          method,
          route: routeOptions.url ?? 'none',
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          ...(reply.raw.writableFinished ? {} : { aborted: true }),
        },
        'request',
      );
    });
    done();
  });
}
