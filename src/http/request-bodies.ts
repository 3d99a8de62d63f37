import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError, quoted } from '../errors.ts';
import { ACCEPTED_NUMBER, isExact } from '../exact-number.ts';
import { ACCEPTED_TEXT, findBadText } from '../text.ts';
import { requireShape } from './json-shape.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** How many bytes a body may have, by what it is for. */
export const BODY_LIMITS = {
  /** Anybody may send it. */
  signIn: 16 * KIB,
  /** A few fields, as most routes take. */
  fields: 64 * KIB,
  /** The columns of a chart, in all that it says of them. */
  chart: 256 * KIB,
  /** Changes of a report with all that clients know of it, or of many reports. */
  changes: MIB,
  /** One query: as many characters as it may have, which can take several bytes each. */
  query: 4 * MIB,
  draft: 2 * MIB,
  /** A whole report. */
  report: 4 * MIB,
} as const;

/** What is larger is read in several turns of the event loop, so that others have theirs in between. */
const LARGE = 128 * KIB;

/** A number of bytes in words. */
export function bytesInWords(bytes: number): string {
  return bytes >= MIB ? `${bytes / MIB} MiB` : `${bytes / KIB} KiB`;
}

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
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      if (body.length === 0 || !takesBody(request)) return undefined;
      requirePlain(request.headers['content-encoding']);
      const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
      if (type !== 'application/json') {
        throw new ApiError(
          'unsupported_media_type',
          'The body must be JSON.',
          'Send Content-Type: application/json.',
        );
      }
      return parseBody(body);
    },
  );
}

/** Bodies that callers compress are small ones: it saves them nothing, and us from what unpacks to a gigabyte. */
function requirePlain(encoding: string | undefined): void {
  if (encoding === undefined || /^identity$/i.test(encoding)) return;
  throw new ApiError(
    'unsupported_media_type',
    `The Content-Encoding of the body is ${quoted(encoding)}; only uncompressed bodies are accepted.`,
    'Send the body uncompressed, without Content-Encoding.',
  );
}

/** Only an escape can bring half a character or U+0000 into text that is UTF-8. */
const BAD_ESCAPE = /\\u(?:0000|d[89a-f])/i;

async function parseBody(body: Buffer): Promise<unknown> {
  const pause = async () => {
    if (body.length > LARGE) await nextTurn();
  };
  requireShape(body);
  if (!isUtf8(body)) {
    throw new ApiError('bad_request', 'The body is not UTF-8.', 'Send JSON in UTF-8.');
  }
  await pause();
  const text = body.toString();
  await pause();
  const value = parseJson(text);
  await pause();
  const bad = BAD_ESCAPE.test(text) ? findBadText(value) : undefined;
  // What checks and uses it has a turn of its own.
  await pause();
  if (bad === undefined) return value;
  const where = bad.path === '' ? 'The body' : `Field ${bad.path}`;
  throw new ApiError(
    'bad_request',
    `${where} is ${quoted(bad.text)}, which contains ${bad.character}; it must be ${ACCEPTED_TEXT}.`,
  );
}

/** Only there can be a number that JavaScript does not keep. */
const MANY_DIGITS = /\d[\d.]{14}|\d[eE]/;

type Reviver = (
  this: unknown,
  name: string,
  value: unknown,
  context: { source?: string },
) => unknown;

/** @throws ApiError bad_request, which names a number that would become another. */
function parseExactly(text: string): unknown {
  let lost: { text: string; within: unknown; path: string[] } | undefined;
  const look: Reviver = function (name, value, { source }) {
    // What is inside a value comes before it.
    if (lost !== undefined && value === lost.within)
      lost = { ...lost, within: this, path: [name, ...lost.path] };
    else if (typeof value === 'number' && source !== undefined && !isExact(source))
      lost ??= { text: source, within: this, path: [name] };
    return value;
  };
  const value: unknown = JSON.parse(text, look as Parameters<typeof JSON.parse>[1]);
  if (lost === undefined) return value;
  const path = lost.path.slice(1).join('.');
  throw new ApiError(
    'bad_request',
    `${path === '' ? 'The body' : `Field ${path}`} is ${quoted(lost.text)}, which has more digits than a number keeps; ` +
      `it must be ${ACCEPTED_NUMBER}, or a text in quotes.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return MANY_DIGITS.test(text) ? parseExactly(text) : JSON.parse(text);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError('bad_request', 'The body is not valid JSON.');
  }
}
