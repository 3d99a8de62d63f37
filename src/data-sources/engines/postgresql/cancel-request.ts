import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

const SSL_REQUEST = 80_877_103;
const CANCEL_REQUEST = 80_877_102;
const PATIENCE_MS = 5_000;

/** What a server calls a connection, and what proves that one may end what it does. */
export type BackendKey = { processId: number; secretKey: number };

/**
 * Has a server end what it does for a connection. It takes no login, so a server that is full and a role that may have no
 * further connection take it, too. What the connection does later goes on.
 *
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 *
 * @param socket connects to the server.
 * @param tls as the connection itself has it; undefined for none.
 * @throws Error where the server cannot be reached, or has no TLS where that is asked for.
 */
export async function sendCancelRequest(
  {
    socket: plain,
    port,
    tls,
  }: { socket: Socket; port: number; tls: ConnectionOptions | undefined },
  { processId, secretKey }: BackendKey,
): Promise<void> {
  plain.connect(port);
  plain.setTimeout(PATIENCE_MS, () => plain.destroy(new Error('The server does not respond.')));
  try {
    await once(plain, 'connect');
    const socket = tls ? await secure(plain, tls) : plain;
    socket.write(message(CANCEL_REQUEST, processId, secretKey));
    // The server says nothing; it closes the connection once it has passed the request on. PgBouncer 1.18 ends where a
    // client closes it before.
    await once(socket.resume(), 'close');
  } finally {
    plain.destroy();
  }
}

async function secure(plain: Socket, tls: ConnectionOptions): Promise<Socket> {
  plain.write(message(SSL_REQUEST));
  const [answer] = (await once(plain, 'data')) as [Buffer];
  if (answer.toString() !== 'S') throw new Error('The server has no TLS.');
  const socket = connectTls({ ...tls, socket: plain });
  await once(socket, 'secureConnect');
  return socket;
}

/** A message without a type byte, as a connection begins: its length, and then numbers of 32 bits. */
function message(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  bytes.writeInt32BE(bytes.length);
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number, 4 + 4 * index);
  return bytes;
}
