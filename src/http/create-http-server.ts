import { once } from 'node:events';
import cors from '@fastify/cors';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import type { LogLevel } from '../config.ts';
import { ApiError } from '../errors.ts';
import { answerRawErrors } from './client-error.ts';
import { answerError, answerErrors } from './error-response.ts';
import { openApiOptions } from './openapi.ts';

export type HttpOptions = {
  logLevel: LogLevel;
  corsOrigins: readonly string[];
  trustProxy: readonly string[];
  publicUrl: string | undefined;
  tls: { cert: Buffer; key: Buffer } | undefined;
  /** How long a request may take to arrive. */
  requestTimeoutMs?: number;
};

/** A server whose routes take their types from their schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

const nothing = () => ({});

/** Bodies are small objects; lists are only sent. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * An HTTP server with these routes: errors in one shape, limits and timeouts for slow or hostile clients,
 * CORS for the configured origins, OPTIONS and 405 for every path, one log line a request.
 */
export async function createHttpServer(
  { logLevel, corsOrigins, trustProxy, publicUrl, tls, requestTimeoutMs = 30_000 }: HttpOptions,
  addRoutes: (app: HttpServer) => void,
): Promise<HttpServer> {
  const connectionOptions = {
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 10,
    requireHostHeader: false, // we refuse it ourselves, in the shape of every other error
  };
  const options: FastifyServerOptions = {
    // On standard error: standard output is for what a command was asked for. A path may hold what a confused client
    // put there, even a secret, so neither request nor path is ever logged: the log names the route.
    logger: {
      level: logLevel,
      base: null,
      stream: process.stderr,
      serializers: { req: nothing, res: nothing },
    },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: 120_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerRawErrors,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        verbose: true, // so that an error message can name the value
      },
    },
    frameworkErrors: answerError,
  };
  const app: HttpServer = fastify({
    ...options,
    ...(tls ? { https: { ...tls, ...connectionOptions } } : { http: connectionOptions }),
  } as FastifyServerOptions);
  // An expectation that nobody knows changes nothing; Node's own answer to it would have no body.
  app.server.on('checkExpectation', (request, response) => app.routing(request, response));

  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  answerErrors(app);
  readBodies(app);
  app.addHook('onRequest', async (request, reply) => {
    // Requests sent at once on one connection take turns: answers made ahead would fill the memory for a client that
    // does not read them.
    if (reply.raw.socket === null) await once(reply.raw, 'socket');
    reply.header('x-content-type-options', 'nosniff');
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      throw new ApiError('bad_request', 'The request has no Host header, which HTTP/1.1 needs.');
    }
    // Nothing has such a name, and PostgreSQL takes no text with a zero byte in it.
    if (/^[^?]*%00/.test(request.raw.url ?? '')) {
      throw new ApiError('bad_request', 'The path has a zero byte in it (%00).');
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log.info(
      { method, route: routeOptions.url ?? 'none', status: reply.statusCode, ms },
      'request',
    );
  });
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      // Asked rather than listed, so that other origins get none of the headers at all.
      origin: (origin, callback) =>
        callback(null, corsOrigins.find((one) => one === origin) ?? false),
      credentials: true,
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
      exposedHeaders: ['retry-after', 'www-authenticate'],
      maxAge: 600,
      preflightContinue: true,
      strictPreflight: false,
    });
  }
  await app.register(swagger, openApiOptions(publicUrl));
  const addOtherMethods = answerOtherMethods(app);
  addRoutes(app);
  addOtherMethods();
  return app;
}

/**
 * JSON bodies, for routes that take one; any other body is read past. A Content-Type says something only where
 * there is such a body: clients send all kinds with GET and DELETE.
 */
function readBodies(app: FastifyInstance): void {
  const takesBody = ({ routeOptions }: FastifyRequest) => routeOptions.schema?.body !== undefined;
  app.addHook('onRequest', async (request) => {
    const { headers } = request.raw;
    const length = headers['transfer-encoding'] ?? headers['content-length'] ?? '0';
    // The framework refuses one that it cannot read before it looks for a body.
    if (length === '0' || !takesBody(request)) delete headers['content-type'];
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

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Gives every path that answers some method an OPTIONS that says what it takes, and a 405 to the other methods.
 * The function that it answers is to be called once all routes are there.
 */
function answerOtherMethods(app: FastifyInstance): () => void {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    methodsOf.set(url, methods);
    for (const one of [method].flat()) methods.add(one.toUpperCase());
  });
  return () => {
    for (const [url, methods] of [...methodsOf]) {
      const allow = [...METHODS.filter((method) => methods.has(method)), 'OPTIONS'].join(', ');
      app.route({
        method: 'OPTIONS',
        url,
        schema: { hide: true },
        handler: async (_request, reply) => reply.code(204).header('allow', allow).send(),
      });
      app.route({
        method: METHODS.filter((method) => !methods.has(method)),
        url,
        exposeHeadRoute: false,
        schema: { hide: true },
        handler: async (_request, reply) => {
          reply.header('allow', allow);
          throw new ApiError('method_not_allowed', `This path answers ${allow} only.`);
        },
      });
    }
  };
}
