import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Readable } from 'node:stream';
import cors from '@fastify/cors';
import swagger from '@fastify/swagger';
import { type FastifyInstance, type FastifyServerOptions, fastify, LogController } from 'fastify';
import { isTimeZone } from '../clock.ts';
import type { LogLevel } from '../config.ts';
import { ApiError } from '../errors.ts';
import { readNamedFile } from '../file-problem.ts';
import { basePathOf, basePathRemover, type PublicUrl } from '../public-url.ts';
import { answerRawErrors } from './client-error.ts';
import { limitSilence, noteCutOff } from './cut-off.ts';
import { answerError, answerErrors } from './error-response.ts';
import { type FindAnswer, fastPath, hasOneHost } from './fast-path.ts';
import { linkBelow } from './hal.ts';
import { rejectOtherMethods } from './method-not-allowed.ts';
import { ObservedRequests, observeRequests, type RequestObserver } from './observe-requests.ts';
import { openApiOptions } from './openapi.ts';
import type { RateLimit } from './rate-limit.ts';
import { BODY_LIMITS, readBodies } from './request-bodies.ts';
import { requestId, sendRequestIds } from './request-id.ts';
import { logRequests } from './request-log.ts';
import { schemaCompilers } from './schema-compilers.ts';
import { securityHeaders, withHeaders } from './security-headers.ts';
import { stopGracefully } from './stop-gracefully.ts';
import { toJson } from './with-json.ts';

export type HttpOptions = {
  logLevel: LogLevel;
  corsOrigins: readonly string[];
  trustProxy: readonly string[];
  publicUrl: PublicUrl;
  tls: { cert: Buffer; key: Buffer } | undefined;
  /** How long a request may take to arrive. */
  requestTimeoutMs?: number;
  /** How long a connection may be silent; see limitSilence. */
  silence?: Parameters<typeof limitSilence>[1];
};

export type HttpParts = {
  observers?: readonly RequestObserver[];
  /** What the routes hold callers to. */
  limit?: RateLimit | undefined;
  /** Answers some requests before the framework sees them. */
  findAnswer?: FindAnswer | undefined;
  /** Told of every failure that is answered. */
  onFailure?: (error: Error) => void;
};

const nothing = () => ({});

/**
 * An HTTP server with these routes: errors in one shape, limits and timeouts for slow or hostile clients,
 * CORS for the configured origins, OPTIONS and 405 for every path, one log line a request.
 */
export async function createHttpServer(
  {
    logLevel,
    corsOrigins,
    trustProxy,
    publicUrl,
    tls,
    requestTimeoutMs = 30_000,
    silence,
  }: HttpOptions,
  addRoutes: (app: FastifyInstance) => void,
  { observers = [], limit, findAnswer, onFailure = () => undefined }: HttpParts = {},
): Promise<FastifyInstance> {
  const connectionOptions = {
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 10,
    requireHostHeader: false, // we refuse it ourselves, in the shape of every other error
  };
  const withoutBasePath = basePathRemover(publicUrl);
  const always = securityHeaders(publicUrl);
  const options: FastifyServerOptions = {
    // On standard error: standard output is for what a command was asked for. The framework logs no request by itself;
    // see observeRequests.
    logger: {
      level: logLevel,
      base: null,
      stream: process.stderr,
      serializers: { req: nothing, res: nothing },
    },
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'request_id',
    }),
    genReqId: requestId,
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    bodyLimit: BODY_LIMITS.fields,
    return503OnClosing: false, // what arrives while we stop is answered
    clientErrorHandler: answerRawErrors(always),
    rewriteUrl: ({ url = '/' }) => resolveAliases(withoutBasePath(withSingleSlashes(url))),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 16_384 },
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        useDefaults: false,
        verbose: true, // so that an error message can name the value
        formats: { 'time-zone': isTimeZone },
      },
    },
    schemaController: { compilersFactory: schemaCompilers() },
    frameworkErrors: answerError,
  };
  // What takes requests; answers made ahead come before the framework, once its routes are there.
  let take: RequestListener = () => undefined;
  const app: FastifyInstance = fastify({
    ...options,
    serverFactory: (handler: RequestListener): Server => {
      take = withHeaders(handler, always);
      const listener: RequestListener = (request, response) => {
        request.url = withoutBasePath(withSingleSlashes(request.url ?? '/'));
        take(request, response);
      };
      const server = tls
        ? createSecureServer({ ...tls, ...connectionOptions }, listener)
        : createServer(connectionOptions, listener);
      server.requestTimeout = requestTimeoutMs;
      server.keepAliveTimeout = 75_000;
      limitSilence(server, silence);
      return server;
    },
  } as FastifyServerOptions);
  // An expectation that nobody knows changes nothing; Node's own answer to it would have no body.
  const routed = withHeaders(app.routing, always);
  app.server.on('checkExpectation', routed);

  app.setSerializerCompiler(() => toJson);
  answerErrors(app, { basePath: basePathOf(publicUrl), onFailure });
  linkBelow(app, basePathOf(publicUrl));
  sendRequestIds(app);
  const observed = new ObservedRequests([logRequests(app.log), ...observers]);
  observeRequests(app, observed);
  const isClosing = stopGracefully(app);
  readBodies(app);
  setPrivateCacheHeaders(app);
  noteFailedStreams(app);
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = whyRefused(request.raw);
    // Requests sent at once on one connection take turns: answers made ahead would fill the memory for a client that
    // does not read them.
    if (reply.raw.socket === null) reply.raw.once('socket', () => done(refusal));
    else done(refusal);
  });
  if (corsOrigins.length > 0) {
    await app.register(cors, {
      // Asked rather than listed, so that other origins get none of the headers at all.
      origin: (origin, callback) =>
        callback(null, corsOrigins.find((one) => one === origin) ?? false),
      credentials: true,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: [
        'etag',
        'ratelimit',
        'ratelimit-policy',
        'retry-after',
        'rollcall-cursor',
        'rollcall-ignored-fields',
        'www-authenticate',
        'x-request-id',
      ],
      maxAge: 600,
      preflightContinue: true,
      strictPreflight: false,
    });
  }
  await app.register(swagger, openApiOptions(publicUrl));
  const addOtherMethods = rejectOtherMethods(app);
  addRoutes(app);
  addOtherMethods();
  if (findAnswer) {
    const headers = corsOrigins.length > 0 ? [...always, 'vary', 'Origin'] : always;
    take = fastPath(routed, findAnswer, { isClosing, observed, limit, headers });
  }
  return app;
}

/** What is wrong with a request whatever it asks for. */
function whyRefused({
  headers,
  rawHeaders,
  httpVersion,
  url,
}: IncomingMessage): ApiError | undefined {
  if (headers.host === undefined && httpVersion === '1.1') {
    return new ApiError('bad_request', 'The request has no Host header, which HTTP/1.1 needs.');
  }
  if (!hasOneHost(rawHeaders)) {
    return new ApiError('bad_request', 'The request has several Host headers; it must have one.');
  }
  // Nothing has such a name, and PostgreSQL takes no text with a zero byte in it.
  if (/^[^?]*%00/.test(url ?? '')) {
    return new ApiError('bad_request', 'The path has a zero byte in it (%00).');
  }
  return undefined;
}

/**
 * What the APIs answer is for who asked: nothing on the way keeps it, unless the route says what may be kept. Caches know
 * that of a credential in Authorization, and not of a cookie.
 */
function setPrivateCacheHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) {
      reply.header('cache-control', 'private, no-store');
    }
    done(null, payload);
  });
}

/** An answer whose stream breaks off is ended by us, and not by its client. */
function noteFailedStreams(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    if (payload instanceof Readable) {
      payload.once('error', () => {
        if (reply.raw.headersSent) noteCutOff(request.raw.socket, 'failed');
      });
    }
    done(null, payload);
  });
}

/** A request's target without empty parts: clients that join an address that ends in a slash and a path ask for `//api/acme`. */
export function withSingleSlashes(url: string): string {
  if (!url.includes('//')) return url;
  const [path = ''] = url.split('?', 1);
  return path.startsWith('/') ? path.replace(/\/{2,}/g, '/') + url.slice(path.length) : url;
}

/** A request's target with the one name that each thing has in our routes: spaces are called collections too. */
export function resolveAliases(url: string): string {
  return url.replace(/^(\/api\/[^/?]+)\/collections(?=[/?]|$)/, '$1/spaces');
}

/** The certificate and its key, where both are named. @throws UserError that names a file which cannot be read. */
export function readTls({
  tlsCert,
  tlsKey,
}: {
  tlsCert: string | undefined;
  tlsKey: string | undefined;
}): HttpOptions['tls'] {
  const read = (path: string) => readNamedFile(path, 'The certificate or its key');
  return tlsCert && tlsKey ? { cert: read(tlsCert), key: read(tlsKey) } : undefined;
}
