import type { EndedRequest, RequestObserver } from '../http/observe-requests.ts';
import type { Metrics } from './metrics.ts';

/** Counts and times every request, whether it is answered or not: where its client hung up its status is `aborted`, where we did, `cut_off`. */
export function measureRequests(metrics: Metrics): RequestObserver {
  return ({ socket }) => {
    const requestEnds = metrics.requestBegins();
    const sentBefore = socket.bytesWritten;
    return ({ method = '', route, status, cutOff, ms }) => {
      requestEnds(
        { method, route, status: ending(cutOff) ?? String(status), seconds: ms / 1000 },
        // A request that came without a socket, as in a test, has no such count.
        socket.bytesWritten - sentBefore || 0,
      );
    };
  };
}

function ending(cutOff: EndedRequest['cutOff']): string | undefined {
  if (cutOff === undefined) return undefined;
  return cutOff === 'client' ? 'aborted' : 'cut_off';
}
