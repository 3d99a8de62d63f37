import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { errors } from '../errors.ts';
import { errorBody } from './error-response.ts';

/** Why we ended a connection before an answer on it was whole. */
export type CutOff =
  /** The client has taken nothing for a while, although there was something to take. */
  | 'not_reading'
  /** The client has taken hardly anything for a minute, although there was much to take. */
  | 'reading_slowly'
  /** We had no answer in time. */
  | 'no_answer'
  /** The server stopped before the answer was whole. */
  | 'stopping'
  /** What the answer was made of broke off. */
  | 'failed';

const causes = new WeakMap<Socket, CutOff>();

/** To be called before a connection is ended, for the log. The first cause counts. */
export function noteCutOff(socket: Socket, cause: CutOff): void {
  if (!socket.destroyed && !causes.has(socket)) causes.set(socket, cause);
}

/** Undefined where it was not us. */
export function findCutOff(socket: Socket): CutOff | undefined {
  const error: NodeJS.ErrnoException | null = socket.errored;
  // What was to be sent from a mapped file is not there any more.
  return causes.get(socket) ?? (error?.code === 'EFAULT' ? 'failed' : undefined);
}

const UNREAD_MS = 30_000;
const UNANSWERED_MS = 120_000;
const RETRY_AFTER_SECONDS = 10;
/** A client that takes less than so much in so long, with more to take all the while, takes a byte now and then. */
const SLOW_MS = 60_000;
const SLOW_BYTES = 60 * 1024;

/** What a connection had carried when it was last seen silent, and for how long it had been so. */
type Silence = { bytes: number; ms: number };

/**
 * Ends connections on which nothing happens: after 30 seconds where an answer waits to be read, and after two minutes
 * where we have none, which is then a 503; and those whose clients read less than a kilobyte a second. Connections between
 * two requests are Node's to end.
 */
export function limitSilence(
  server: Server,
  {
    unreadMs = UNREAD_MS,
    unansweredMs = UNANSWERED_MS,
    slowMs = SLOW_MS,
    slowBytes = SLOW_BYTES,
  } = {},
): void {
  limitSlowness(server, { slowMs, slowBytes });
  const answers = new WeakMap<Socket, ServerResponse>();
  const silences = new WeakMap<Socket, Silence>();
  server.on('request', (request, response) => answers.set(request.socket, response));
  server.setTimeout(unreadMs);
  server.on('timeout', (socket) => {
    // Only between two requests does Node set another time.
    if (socket.timeout !== unreadMs) return void socket.destroy();
    if (socket.writableLength > 0) {
      noteCutOff(socket, 'not_reading');
      return void socket.destroy();
    }
    const bytes = socket.bytesRead + socket.bytesWritten;
    const before = silences.get(socket);
    const ms = unreadMs + (before !== undefined && before.bytes === bytes ? before.ms : 0);
    silences.set(socket, { bytes, ms });
    if (ms < unansweredMs) return void socket.setTimeout(unreadMs);
    noteCutOff(socket, 'no_answer');
    const response = answers.get(socket);
    const isNext = response !== undefined && response.socket === socket;
    if (isNext && !response.headersSent) refuse(response);
    else socket.destroy();
  });
}

/** How much a connection had carried when its client was last seen to be fast enough, and when that was. */
type Pace = { taken: number; queued: number; atMs: number };

function limitSlowness(
  server: Server,
  { slowMs, slowBytes }: { slowMs: number; slowBytes: number },
): void {
  const paces = new Map<Socket, Pace | undefined>();
  server.on('request', ({ socket }) => {
    if (paces.has(socket)) return;
    paces.set(socket, undefined);
    socket.once('close', () => paces.delete(socket));
  });
  const look = () => {
    for (const [socket, before] of paces) {
      const now = paceOf(socket);
      const progress = before && now && now.taken - before.taken + before.queued - now.queued;
      if (before === undefined || now === undefined || Number(progress) >= slowBytes)
        paces.set(socket, now);
      else if (now.atMs - before.atMs >= slowMs) {
        noteCutOff(socket, 'reading_slowly');
        socket.destroy();
      }
    }
  };
  server.once('listening', () => {
    const timer = setInterval(look, slowMs / 4).unref();
    server.once('close', () => clearInterval(timer));
  });
}

/** Undefined where nothing waits to be read. What of a large piece the system has taken by now, Node knows alone. */
function paceOf(socket: Socket): Pace | undefined {
  const queued = (socket as { _handle?: { writeQueueSize?: number } })._handle?.writeQueueSize;
  if (socket.writableLength === 0 || queued === undefined) return undefined;
  const taken = socket.bytesWritten - socket.writableLength;
  return { taken, queued, atMs: performance.now() };
}

function refuse(response: ServerResponse): void {
  const body = JSON.stringify(
    errorBody(
      'busy',
      'The server had no response in time.',
      'Try again. Work in progress may continue.',
    ),
  );
  response
    .writeHead(errors.busy.status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'retry-after': String(RETRY_AFTER_SECONDS),
      connection: 'close',
    })
    .end(body);
}
