import type { FastifyBaseLogger } from 'fastify';
import type { EndedRequest, RequestObserver } from './observe-requests.ts';

/** One line for each request when it is over. */
export function logRequests(log: FastifyBaseLogger): RequestObserver {
  const logEnd = ({ id, method, route, status, ms, cutOff, isForOperators }: EndedRequest) => {
    log[isForOperators ? 'debug' : 'info'](
      {
        request_id: id,
        method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        ...(cutOff === 'client' && { aborted: true }),
        ...(cutOff !== undefined && cutOff !== 'client' && { cut_off: cutOff }),
      },
      'request',
    );
  };
  return () => logEnd;
}
