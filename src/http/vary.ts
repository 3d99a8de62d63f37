import type { FastifyReply } from 'fastify';

/** Adds a request header to those that the answer depends on; CORS may have named one already. */
export function addVary(reply: FastifyReply, name: string): void {
  const present = reply.getHeader('vary');
  reply.header('vary', present === undefined ? name : `${present}, ${name}`);
}
