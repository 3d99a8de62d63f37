import type { FastifyBaseLogger } from 'fastify';
import type { EndedRequest, RequestObserver } from './observe-requests.ts';

/** One line for each request when it is over. */
export function logRequests(log: FastifyBaseLogger): RequestObserver {
  const logEnd = ({ id, method, route, status, ms, isAborted, isForOperators }: EndedRequest) => {
    log[isForOperators ? 'debug' : 'info'](
      {
        request_id: id,
        method,
        route,
        status,
        ms: Math.round(ms * 10) / 10,
        ...(isAborted ? { aborted: true } : {}),
      },
      'request',
    );
  };
  return () => logEnd;
}
