import type { ServerResponse } from 'node:http';
import { whenOver } from './when-over.ts';

/** Aborted where the caller goes away, or has gone already, before the whole answer was sent. */
export function hungUp(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  whenOver(response, () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
