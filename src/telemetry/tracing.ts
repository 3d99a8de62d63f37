import {
  type Context,
  context,
  ProxyTracerProvider,
  propagation,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Database } from '../database/database.ts';
import { version } from '../version.ts';

/** The tracer of the OpenTelemetry SDK that whoever runs the server has loaded; undefined where there is none. */
export function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  const isEmpty =
    provider instanceof ProxyTracerProvider && provider.getDelegateTracer('rollcall') === undefined;
  return isEmpty ? undefined : provider.getTracer('rollcall', version);
}

/**
 * A span for every request, below the one that its headers name, or below that of an instrumentation which is loaded
 * besides. Spans name the route, never the path.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer): void {
  const contexts = new WeakMap<FastifyRequest, Context>();
  app.addHook('onRequest', (request, reply, done) => {
    const { method, headers, routeOptions } = request;
    const route = routeOptions.url ?? 'none';
    const parent = trace.getActiveSpan()
      ? context.active()
      : propagation.extract(context.active(), headers);
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'rollcall.request_id': request.id,
    };
    const span = tracer.startSpan(
      `${method} ${route}`,
      { kind: SpanKind.SERVER, attributes },
      parent,
    );
    contexts.set(request, trace.setSpan(parent, span));
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.statusCode);
      if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    done();
  });
  // Only now: reading a body goes on in the context of the connection.
  app.addHook('preHandler', (request, _reply, done) => {
    context.with(contexts.get(request) ?? context.active(), done);
  });
}

/** The same store, with a span for each transaction and each single write. Reads would drown them. */
export function traced(database: Database, tracer: Tracer): Database {
  const inSpan = <Result>(name: string, work: () => Promise<Result>): Promise<Result> =>
    tracer.startActiveSpan(name, { kind: SpanKind.CLIENT }, async (span) => {
      try {
        return await work();
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  return {
    ...database,
    run: (sql, values) => inSpan('store write', () => database.run(sql, values)),
    runEach: (sql, values) => inSpan('store write', () => database.runEach(sql, values)),
    transaction: (work) => inSpan('store transaction', () => database.transaction(work)),
  };
}
