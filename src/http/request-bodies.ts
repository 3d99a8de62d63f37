import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError, quoted } from '../errors.ts';
import { ACCEPTED_TEXT, findBadText } from '../text.ts';

/**
 * JSON bodies, for routes that take one; any other body is read past. A Content-Type says something only where
 * there is such a body: clients send all kinds with GET and DELETE. No text in a body holds half a character or U+0000:
 * that is refused here, for all routes.
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
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (body.length === 0 || !takesBody(request)) return done(null, undefined);
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
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as ApiError);
    }
  });
}

/** Only an escape can bring half a character or U+0000 into text that is UTF-8. */
const BAD_ESCAPE = /\\u(?:0000|d[89a-f])/i;

function parseBody(body: Buffer): unknown {
  if (!isUtf8(body)) {
    throw new ApiError('bad_request', 'The body is not UTF-8.', 'Send JSON in UTF-8.');
  }
  const text = body.toString();
  const value = parseJson(text);
  const bad = BAD_ESCAPE.test(text) ? findBadText(value) : undefined;
  if (bad === undefined) return value;
  const where = bad.path === '' ? 'The body' : `Field ${bad.path}`;
  throw new ApiError(
    'bad_request',
    `${where} is ${quoted(bad.text)}, which holds ${bad.character}; it must be ${ACCEPTED_TEXT}.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError('bad_request', 'The body is not valid JSON.');
  }
}
