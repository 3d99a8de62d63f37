import type { ServerResponse } from 'node:http';
import { onResponseEnd } from './on-response-end.ts';

/** Aborted where the caller goes away, or has gone already, before the whole answer was sent. */
export function disconnectSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  onResponseEnd(response, () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
