import type { ServerResponse } from 'node:http';

/**
 * Does something once an answer is over: the system has taken over its last byte, or nobody waits for it any more. At once
 * where that is so already.
 */
export function onResponseEnd(response: ServerResponse, act: () => void): void {
  if (response.closed) act();
  else response.once('close', act);
}
