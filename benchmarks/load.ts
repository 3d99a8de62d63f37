import { get, type IncomingMessage } from 'node:http';
import { nodeLoad } from './node-load.ts';
import { processorUs, type Running } from './start-process.ts';
import { hasWrk, wrkLoad } from './wrk-load.ts';

/** A server, and what every request to it carries. */
export type Target = { server: Running; headers: Record<string, string> };

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
  /** How long the server had a processor for one answer, in microseconds. */
  serverUs: number;
};

/** What a generator of load answers: how many answers it got, and how fast. */
export type Loaded = Omit<Load, 'serverUs'> & { answers: number };

/** What makes the load; the same for both sides of every ratio. */
export const generator = hasWrk
  ? 'wrk with one thread'
  : 'a client in Node (wrk, from apt-get install wrk, would take less of the machine)';

/** Asks for one path after another over several connections that stay open, and reads every byte of the answers. */
export async function load(target: Target, ask: Ask): Promise<Load> {
  const before = processorUs(target.server);
  const { answers, ...found } = await (hasWrk ? wrkLoad(target, ask) : nodeLoad(target, ask));
  return { ...found, serverUs: (processorUs(target.server) - before) / answers };
}

/** One answer with its headers, names and values in turns, and its body as it was sent, which must have this status. */
export async function answerOf(
  { server: { url }, headers }: Target,
  path: string,
  status = 200,
): Promise<{ etag: string; headers: string[]; body: Buffer }> {
  // Plain unless asked otherwise: each encoding has an ETag of its own.
  const all = { 'accept-encoding': 'identity', ...headers };
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    get(new URL(path, url), { headers: all }, resolve).on('error', reject),
  );
  const body = Buffer.concat(await answer.toArray());
  if (answer.statusCode !== status) {
    throw new Error(`${path} was answered ${answer.statusCode}: ${String(body).slice(0, 300)}`);
  }
  return { etag: answer.headers.etag ?? '', headers: answer.rawHeaders, body };
}
