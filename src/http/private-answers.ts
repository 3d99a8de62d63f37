import type { FastifyInstance } from 'fastify';

/**
 * What the APIs answer is for who asked: nothing on the way keeps it, unless the route says what may be kept. Caches know
 * that of a credential in Authorization, and not of a cookie.
 */
export function keepAnswersPrivate(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'private, no-store');
    }
    done(null, payload);
  });
}
