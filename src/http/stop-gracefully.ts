import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { noteCutOff } from './cut-off.ts';

/** How long a client may need to send its next request on a connection, where it is told that this one is the last. */
const NEXT_REQUEST_MS = 1_000;
const LONGEST_REQUEST_MS = 10_000;

/**
 * When the server closes, new connections are refused at once and every request that arrives on an old one is still
 * answered, with `Connection: close`. A connection without a request is closed only after a while: its client may be
 * sending the next one at this very moment. What runs for longer than ten seconds is cut off. Answers a function that
 * says whether the server closes.
 */
export function stopGracefully(app: FastifyInstance): () => boolean {
  const { server } = app;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', keep).on('secureConnection', keep);
  let isClosing = false;
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (isClosing) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    // The framework leaves alone what never listened; Node would look at its connections for ever.
    if (!server.listening) return void server.close();
    const closeIdle = server.closeIdleConnections.bind(server);
    // Node calls it at once, as a part of closing.
    server.closeIdleConnections = () => undefined;
    const closingIdle = setInterval(() => {
      // To Node a connection is idle as soon as its answer is written, even if most of that is still on its way.
      const isSending = sockets.values().some(({ writableLength }) => writableLength > 0);
      if (!isSending) closeIdle();
    }, NEXT_REQUEST_MS);
    const closingAll = setTimeout(() => {
      for (const socket of sockets) noteCutOff(socket, 'stopping');
      server.closeAllConnections();
    }, LONGEST_REQUEST_MS);
    server.once('close', () => {
      clearInterval(closingIdle);
      clearTimeout(closingAll);
    });
  });
  return () => isClosing;
}
