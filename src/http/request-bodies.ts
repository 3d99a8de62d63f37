import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

/**
 * JSON bodies, for routes that take one; any other body is read past. A Content-Type says something only where
 * there is such a body: clients send all kinds with GET and DELETE.
 */
export function readBodies(app: FastifyInstance): void {
  const takesBody = ({ routeOptions }: FastifyRequest) => routeOptions.schema?.body !== undefined;
  app.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    const length = headers['transfer-encoding'] ?? headers['content-length'] ?? '0';
    // The framework refuses one that it cannot read before it looks for a body.
    if (length === '0' || !takesBody(request)) delete headers['content-type'];
    done();
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (body === '' || !takesBody(request)) return done(null, undefined);
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/json') {
      return done(
        new ApiError(
          'unsupported_media_type',
          'The body must be JSON.',
          'Send Content-Type: application/json.',
        ),
      );
    }
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new ApiError('bad_request', 'The body is not valid JSON.'));
    }
  });
}
