// Declares what a schema says for the OpenAPI document.
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import type { Static, TObject, TSchema } from 'typebox';
import type { ErrorId } from '../errors.ts';
import { errorResponses } from './error-response.ts';
import { HAL } from './hal.ts';
import { ignoredFieldsHeader, ignoreOtherFields, takesOtherFields } from './ignored-fields.ts';
import { parseQueryString, type QueryReader } from './query-string.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked by machines that watch the server, every few seconds: not logged as `info`, and never limited. */
    isForOperators?: boolean;
  }
}

/** Who may call a route. */
export type Admission = {
  /** Refuses everybody else, before anything of a body is read. */
  onRequest?: (request: FastifyRequest) => Promise<void>;
  /** The credentials that are accepted, by their names in the OpenAPI document. */
  security: readonly Record<string, readonly string[]>[];
  /** The errors of those who are not admitted. */
  refuses: readonly ErrorId[];
};

/** A route that needs no credential. */
export const anybody: Admission = { security: [], refuses: [] };

type Content = { content: Record<string, { schema: TSchema }> };

/** An answer as the OpenAPI document describes it: a schema, or one for each media type. */
type Answers = Record<number, TSchema | Content>;

type StaticAnswer<Answer> = Answer extends { content: Record<string, { schema: infer Schema }> }
  ? Static<Schema & TSchema>
  : Static<Answer & TSchema>;

/** A request, with what its route accepts. */
export type RouteRequest<Params, Query = unknown, Body = unknown> = FastifyRequest & {
  params: Params;
  query: Query;
  body: Body;
};

type Route<Params extends TSchema, Query, Body extends TSchema, Given extends Answers> = {
  /** The chapter of the API reference. */
  tag: string;
  admits: Admission;
  operationId: string;
  summary: string;
  description: string;
  params?: Params;
  query?: QueryReader<Query>;
  headers?: TObject;
  body?: Body;
  /** How many bytes the body may have, where that is not the usual number. */
  bodyLimit?: number;
  /** Whether a request without a body counts as one with an empty object. */
  bodyIsOptional?: boolean;
  /** Successes by status. What the handler returns is sent with the first status. */
  answers: Given;
  /** Errors beside those that who is admitted, the path and a body bring with them. */
  refuses?: readonly ErrorId[];
  isForOperators?: boolean;
  /** Answers a request; with the reply itself, where the handler has sent it. */
  handler: (
    request: RouteRequest<Static<Params>, Query, Static<Body>>,
    reply: FastifyReply,
  ) => Promise<StaticAnswer<Given[Exclude<keyof Given, 304>]> | FastifyReply>;
};

/** Adds a route: its schema says all that a caller may send and gets, and the handler has the types of it. */
export function route<
  Params extends TSchema,
  Query,
  Body extends TSchema,
  const Given extends Answers,
>(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  url: string,
  {
    tag,
    admits,
    query,
    params,
    headers,
    body,
    bodyLimit,
    bodyIsOptional,
    answers,
    refuses = [],
    isForOperators,
    handler,
    ...words
  }: Route<Params, Query, Body, Given>,
): void {
  const [status, answer] = Object.entries(answers)[0] as [string, TSchema | Content];
  const isHal = 'content' in answer && 'application/hal+json' in (answer as Content).content;
  const errors = new Set<ErrorId>([
    ...admits.refuses,
    ...(url.includes('/:') ? (['not_found'] as const) : []),
    ...(/^\/(api|batch)\//.test(url) ? (['busy'] as const) : []),
    ...(body ? (['payload_too_large', 'unsupported_media_type'] as const) : []),
    ...refuses,
  ]);
  const ignoresFields = takesOtherFields(body);
  const schema: FastifySchema = {
    ...words,
    tags: [tag],
    security: admits.security,
    ...(params && { params }),
    ...(query && { querystring: query.schema }),
    ...(headers && { headers }),
    ...(body && { body }),
    response: {
      ...errorResponses(...errors),
      ...(ignoresFields ? withHeader(answers, ignoredFieldsHeader) : answers),
    },
  };
  app.route({
    method,
    url,
    ...(bodyLimit && { bodyLimit }),
    ...(isForOperators && { config: { isForOperators } }),
    schema,
    // A query string is read as clients write it, which no schema can say; see parseQueryString.
    ...(query && { validatorCompiler: () => () => true }),
    ...(admits.onRequest && { onRequest: admits.onRequest }),
    ...((bodyIsOptional || ignoresFields) && {
      preValidation: async (request: FastifyRequest, reply: FastifyReply) => {
        if (bodyIsOptional) request.body ??= {};
        if (body && ignoresFields) ignoreOtherFields(body, request, reply);
      },
    }),
    handler: async (request, reply) => {
      reply.code(Number(status));
      if (query) request.query = query.read(parseQueryString(request.raw.url ?? ''));
      // The framework has checked the parameters and the body against the schemas that give the types.
      const answered = await handler(request as Parameters<typeof handler>[0], reply);
      if (isHal && answered !== undefined) reply.type(HAL); // undefined once the handler has sent the reply
      return answered;
    },
  });
}

/** Answers that may have a header besides those that they have anyway. */
function withHeader(answers: Answers, header: object): Answers {
  const entries = Object.entries(answers).map(([status, answer]) => {
    const { headers } = answer as { headers?: object };
    return [status, { ...answer, headers: { ...headers, ...header } }];
  });
  return Object.fromEntries(entries);
}
