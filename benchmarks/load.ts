import { nodeLoad } from './node-load.ts';
import { hasWrk, wrkLoad } from './wrk-load.ts';

/** A server, and what every request to it carries. */
export type Target = { url: URL; headers: Record<string, string> };

export type Ask = {
  connections: number;
  seconds: number;
  /** Asked for in this order. */
  paths: readonly string[];
  /** Fails rather than ask for a path again, where the server is faster than there are paths. */
  once?: boolean;
};

export type Load = {
  /** Whole answers a second. */
  perSecond: number;
  /** Of one answer, from the first byte sent to the last byte read, in milliseconds. */
  p50Ms: number;
  p99Ms: number;
};

/** What makes the load; the same for both sides of every ratio. */
export const generator = hasWrk
  ? 'wrk with one thread'
  : 'a client in Node (wrk, from apt-get install wrk, would take less of the machine)';

/** Asks for one path after another over several connections that stay open, and reads every byte of the answers. */
export function load(target: Target, ask: Ask): Promise<Load> {
  return hasWrk ? wrkLoad(target, ask) : nodeLoad(target, ask);
}

/** The body of one answer, which must have this status. */
export async function answerOf(
  { url, headers }: Target,
  path: string,
  status = 200,
): Promise<{ etag: string; body: Buffer }> {
  // Plain unless asked otherwise: `fetch` would take any encoding, and each has an ETag of its own.
  const all = { 'accept-encoding': 'identity', ...headers };
  const response = await fetch(new URL(path, url), { headers: all });
  const body = Buffer.from(await response.arrayBuffer());
  if (response.status !== status) {
    throw new Error(`${path} was answered ${response.status}: ${String(body).slice(0, 300)}`);
  }
  return { etag: response.headers.get('etag') ?? '', body };
}
