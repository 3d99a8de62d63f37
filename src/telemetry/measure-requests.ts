import type { HttpServer } from '../http/create-http-server.ts';
import type { Metrics } from './metrics.ts';

/** Counts and times every request, whether it is answered or its client hangs up before: its status is `aborted` then. */
export function measureRequests(app: HttpServer, metrics: Metrics): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const requestEnds = metrics.requestBegins();
    const sentBefore = socket.bytesWritten;
    reply.raw.once('close', () => {
      requestEnds(
        {
          method: request.method,
          route: request.routeOptions.url ?? 'none',
          status: reply.raw.writableFinished ? String(reply.statusCode) : 'aborted',
          seconds: reply.elapsedTime / 1000,
        },
        // A request that came without a socket, as in a test, has no such count.
        socket.bytesWritten - sentBefore || 0,
      );
    });
    done();
  });
}
