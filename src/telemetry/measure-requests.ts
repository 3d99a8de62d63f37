import type { RequestObserver } from '../http/observe-requests.ts';
import type { Metrics } from './metrics.ts';

/** Counts and times every request, whether it is answered or its client hangs up before: its status is `aborted` then. */
export function measureRequests(metrics: Metrics): RequestObserver {
  return ({ socket }) => {
    const requestEnds = metrics.requestBegins();
    const sentBefore = socket.bytesWritten;
    return ({ method = '', route, status, isAborted, ms }) => {
      requestEnds(
        { method, route, status: isAborted ? 'aborted' : String(status), seconds: ms / 1000 },
        // A request that came without a socket, as in a test, has no such count.
        socket.bytesWritten - sentBefore || 0,
      );
    };
  };
}
