import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify';
import { Type } from 'typebox';
import { DuplicateError } from '../database/database.ts';
import { ApiError, type ErrorId, errors, quoted } from '../errors.ts';
import { bytesInWords } from './request-bodies.ts';
import { closed } from './schema-parts.ts';
import { reference } from './schema-reference.ts';
import { storeRefusal } from './store-refusal.ts';
import { asksForPage, sendWebPage } from './web-pages.ts';

const ErrorBody = closed(
  {
    id: Type.String({ description: 'Stable identifier of the kind of error.' }),
    message: Type.String({ description: 'What is wrong, with the value and what is accepted.' }),
    hint: Type.Optional(Type.String({ description: 'Next step.' })),
    request_id: Type.Optional(
      Type.String({
        description: 'Identifier of the request in the server’s log; in internal_error only.',
      }),
    ),
  },
  {
    $id: 'Error',
    description: 'An error.',
    examples: [
      {
        id: 'bad_request',
        message: 'per_page is "2000"; it must be a whole number from 1 to 1000, in decimal digits.',
        hint: 'Omit per_page for 1000.',
      },
    ],
  },
);

const responseHeaders: { [Id in ErrorId]?: object } = {
  unauthorized: {
    'WWW-Authenticate': {
      type: 'string',
      description:
        'Kind of credential required: `Bearer`, `Basic` with its realm or, for pages, `Session`.',
    },
  },
  too_many_requests: {
    'Retry-After': { type: 'integer', description: 'Number of seconds after which to try again.' },
  },
  busy: {
    'Retry-After': { type: 'integer', description: 'Number of seconds after which to try again.' },
  },
};

/** The errors that an operation answers, for the responses of its schema. */
export function errorResponses(...ids: ErrorId[]) {
  return Object.fromEntries(
    ids.map((id) => [
      errors[id].status,
      reference(ErrorBody, { description: errors[id].meaning, headers: responseHeaders[id] }),
    ]),
  );
}

/** What an error looks like on the wire. */
export function errorBody(id: ErrorId, message: string, hint?: string): Record<string, string> {
  return hint === undefined ? { id, message } : { id, message, hint };
}

/**
 * Answers every failure of a request in the one shape, and every unknown path: a browser's with the web pages.
 *
 * @param onFailure told of each before it is answered.
 */
export function answerErrors(
  app: FastifyInstance,
  { basePath, onFailure }: { basePath: string; onFailure: (error: Error) => void },
): void {
  app.addSchema(ErrorBody);
  app.setErrorHandler((error: Error, request, reply) => {
    onFailure(error);
    return answerError(error, request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    if (asksForPage(request)) return sendWebPage(reply, basePath);
    return reply
      .code(404)
      .send(
        errorBody('not_found', 'request path not recognized', 'All paths are described at /docs.'),
      );
  });
}

/** Answers one failure. */
export function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  // What the router refuses passes no hook that would say so.
  reply.header('x-request-id', request.id);
  const known = toApiError(error, request);
  if (known === undefined) return internalError(error, request, reply);
  const { challenge, retryAfterSeconds = known.id === 'busy' ? BUSY_SECONDS : undefined } = known;
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds);
  // What is refused on purpose, such as every change while the server is read-only, is no fault.
  if (known.id === 'busy' && known !== error)
    request.log.error({ err: error }, 'store not available');
  return reply.code(known.status).send(errorBody(known.id, known.message, known.hint));
}

/** A store that is away is asked for again soon. */
const BUSY_SECONDS = 5;

/** The errors of the framework that a caller can act on, in our words. */
const frameworkErrors: Record<string, (request: FastifyRequest) => ApiError> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ({ routeOptions: { bodyLimit } }) =>
    new ApiError(
      'payload_too_large',
      `The body is too large; the limit is ${bytesInWords(bodyLimit)}.`,
    ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new ApiError(
      'unsupported_media_type',
      'The body must be JSON.',
      'Send Content-Type: application/json.',
    ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    new ApiError('bad_request', 'The length of the body differs from its Content-Length.'),
  FST_ERR_BAD_URL: () =>
    new ApiError('bad_request', 'The path is not valid percent-encoded UTF-8.'),
};

function toApiError(error: FastifyError | Error, request: FastifyRequest): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const refusal = storeRefusal(error);
  if (refusal) return refusal;
  if (error instanceof DuplicateError)
    return new ApiError('conflict', 'A resource with the same key exists already.');
  if ('code' in error && frameworkErrors[error.code]) return frameworkErrors[error.code]?.(request);
  if ('validation' in error && error.validation) return validationError(error);
  // Whatever else is the caller's doing, such as hanging up in the middle of a body.
  if ('statusCode' in error && String(error.statusCode).startsWith('4')) {
    return new ApiError('bad_request', 'The request is invalid.');
  }
  return undefined;
}

/** What the schema refused, with the field, its value where that is a plain one, and what is accepted. */
function validationError(error: FastifyError): ApiError {
  const [first] = (error.validation ?? []) as (FastifySchemaValidationError & { data?: unknown })[];
  const path = (first?.instancePath ?? '').slice(1).replaceAll('/', '.');
  const where = path === '' ? `The ${error.validationContext ?? 'request'}` : `Field ${path}`;
  const params = (first?.params ?? {}) as Record<string, unknown>;
  const extra = params.additionalProperty;
  if (extra !== undefined)
    return new ApiError('bad_request', `${where} has an unknown field ${quoted(extra)}.`);
  const allowed = params.allowedValue ?? params.allowedValues;
  const accepted = allowed === undefined ? '' : `: ${quoted(allowed)}`;
  const is = typeof first?.data === 'object' ? '' : `is ${quoted(first?.data)}; it `;
  return new ApiError('bad_request', `${where} ${is}${first?.message}${accepted}.`);
}

function internalError(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  request.log.error({ err: error }, 'request failed');
  const { status } = errors.internal_error;
  return reply.code(status).send({
    ...errorBody(
      'internal_error',
      'The server failed to handle this request.',
      'Give the request id to the administrator of the server; the cause is in its log.',
    ),
    request_id: request.id,
  });
}
