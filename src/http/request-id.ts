import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { newRequestId } from '../identifiers.ts';

/** What proxies and tracing tools make: UUIDs, hexadecimal numbers, ULIDs. Short, and nothing that a log would trip over. */
const REQUEST_ID = /^[\w.:=+-]{1,64}$/;

/** The id that the caller or a proxy gave the request in `X-Request-Id`; where there is none to be used, a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : newRequestId();
}

/** Every answer names its request, so that a caller's words can be found in the log. */
export function sendRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
