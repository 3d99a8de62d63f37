import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import type { EndedRequest } from '../../src/http/observe-requests.ts';
import { listen, openConnection, readAnswer } from '../support/connection.ts';
import { FAR_TOO_LONG_MS } from '../support/far-too-long.ts';

const UNREAD_MS = 200;
const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x');

/** A server that has no patience, and what it says of requests when they are over. */
async function openImpatient(addRoutes: (app: FastifyInstance) => void, patience = {}) {
  const ended: EndedRequest[] = [];
  const options = { corsOrigins: [], trustProxy: [], publicUrl: undefined, tls: undefined };
  const silence = { unreadMs: UNREAD_MS, unansweredMs: 3 * UNREAD_MS, ...patience };
  const server = await createHttpServer({ ...options, logLevel: 'silent', silence }, addRoutes, {
    observers: [() => (request) => ended.push(request)],
  });
  onTestFinished(() => server.close());
  const port = await listen(server);
  const ask = async (path: string) => {
    const connection = await openConnection(port);
    connection.socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return connection;
  };
  const end = async () => {
    while (ended.length === 0) await sleep(20);
    return ended[0] as EndedRequest;
  };
  return { server, ask, end };
}

test('a client that does not read is cut off, and it is said that it was us', async () => {
  const { server, ask, end } = await openImpatient((app) => app.get('/', async () => LARGE));
  const { socket } = await ask('/');
  socket.pause();
  expect(await end()).toMatchObject({ status: 200, cutOff: 'not_reading' });
  server.server.closeIdleConnections();
  const [open] = await new Promise<[number]>((resolve) =>
    server.server.getConnections((_error, count) => resolve([count])),
  );
  expect(open).toBe(0);
});

test('a client that reads slowly gets all of it', async () => {
  const unreadMs = 20 * UNREAD_MS;
  const { ask, end } = await openImpatient((app) => app.get('/', async () => LARGE), {
    unreadMs,
    unansweredMs: 3 * unreadMs,
  });
  const { socket } = await ask('/');
  let bytes = 0;
  socket.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > LARGE.length / 2 && bytes - part.length <= LARGE.length / 2) {
      socket.pause();
      setTimeout(() => socket.resume(), unreadMs / 2);
    }
  });
  expect(await end()).toMatchObject({ status: 200, cutOff: undefined });
});

test('a client that takes some bytes now and then is cut off, and it is said that it was us', async () => {
  const { ask, end } = await openImpatient((app) => app.get('/', async () => LARGE), {
    // A busy machine may keep it from its sips for a while.
    unreadMs: FAR_TOO_LONG_MS,
    unansweredMs: FAR_TOO_LONG_MS,
    slowMs: 4 * UNREAD_MS,
    slowBytes: LARGE.length,
  });
  const { socket } = await ask('/');
  socket.pause();
  // As much as makes room in what the system keeps, so that something moves each time.
  const sipping = setInterval(() => socket.read(256 * 1024), UNREAD_MS / 10);
  onTestFinished(() => clearInterval(sipping));
  expect(await end()).toMatchObject({ status: 200, cutOff: 'reading_slowly' });
});

test('an answer that does not come in time is a 503, and it is said that it was us', async () => {
  const never = new Promise<never>(() => undefined);
  const { ask, end } = await openImpatient((app) => app.get('/', () => never));
  const { answer } = await ask('/');
  const { status, headers, body } = readAnswer(await answer);
  expect([status, JSON.parse(body).id]).toEqual([503, 'busy']);
  expect(headers.toLowerCase()).toContain('retry-after: ');
  expect(await end()).toMatchObject({ status: 503, cutOff: 'no_answer' });
});

test('an answer that breaks off is ours, and one whose client hangs up is not', async () => {
  async function* broken() {
    yield Buffer.alloc(100_000);
    throw new Error('no more');
  }
  const first = await openImpatient((app) =>
    app.get('/', async (_, reply) => reply.send(Readable.from(broken(), { objectMode: false }))),
  );
  await first.ask('/');
  expect(await first.end()).toMatchObject({ status: 200, cutOff: 'failed' });

  const never = new Promise<never>(() => undefined);
  const begun = Promise.withResolvers<void>();
  const second = await openImpatient((app) =>
    app.get('/', () => {
      begun.resolve();
      return never;
    }),
  );
  const { socket } = await second.ask('/');
  await begun.promise;
  socket.destroy();
  await once(socket, 'close');
  expect(await second.end()).toMatchObject({ status: 499, cutOff: 'client' });
});
