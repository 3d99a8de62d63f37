import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Lets a server listen, on `localhost` on every address that name has: a browser may try the one of IPv6 first, and curl
 * the other. What connects to a further address is handed to the same server. Answers the port, which is a free one where
 * 0 was asked for.
 *
 * @throws Error of Node where the first address cannot be had; a further one that cannot is done without.
 */
export async function listen(
  app: FastifyInstance,
  { host, port: wanted }: { host: string; port: number },
  addressesOf: (host: string) => Promise<{ address: string }[]> = (name) =>
    lookup(name, { all: true }),
): Promise<number> {
  await app.listen({ host, port: wanted });
  const first = app.server.address() as AddressInfo;
  if (host !== 'localhost') return first.port;
  for (const { address } of await addressesOf(host)) {
    if (address === first.address) continue;
    const further = await handOver(app, address, first.port);
    if (further) app.server.once('close', () => further.close());
  }
  return first.port;
}

async function handOver(
  app: FastifyInstance,
  host: string,
  port: number,
): Promise<Server | undefined> {
  const server = createServer((socket) => app.server.emit('connection', socket));
  try {
    await once(server.listen({ host, port }), 'listening');
    return server;
  } catch {
    return undefined;
  }
}
