import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';

/** Lets the server listen on a free port; answers the port. */
export async function listen(server: FastifyInstance): Promise<number> {
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as AddressInfo).port;
}

/** A connection on which a test writes what it likes, whether that is HTTP or not. */
export type Connection = {
  socket: Socket;
  /** All that came back, once the server has hung up. */
  answer: Promise<string>;
};

export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A server that refuses the rest of a request may reset the connection behind its answer.
  socket.on('error', () => undefined);
  const answer = new Promise<string>((resolve) => {
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
  return { socket, answer };
}

/** What a server says to a request that has arrived but for its body, and `Expect: 100-continue`. */
export const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

/** Sends a request but for its body, and waits until the server has it. */
export async function beginRequest({ socket, answer }: Connection, head: string): Promise<void> {
  const arrived = once(socket, 'data').then(([said]) => String(said));
  socket.write(head.replace(/\r\n\r\n$/, '\r\nExpect: 100-continue\r\n\r\n'));
  const said = await Promise.race([arrived, answer]);
  if (!said.startsWith(CONTINUE)) throw new Error(`The server answered "${said}".`);
}

/** Writes all of it on a connection of its own; answers all that came back. */
export async function exchange(port: number, request: string | Buffer): Promise<string> {
  const { socket, answer } = await openConnection(port);
  socket.write(request);
  return answer;
}

/** An HTTP answer taken apart. */
export function readAnswer(text: string): { status: number; headers: string; body: string } {
  const end = text.indexOf('\r\n\r\n');
  const headers = text.slice(0, end);
  return { status: Number(headers.split(' ')[1]), headers, body: text.slice(end + 4) };
}
