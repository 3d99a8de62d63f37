import { pipeline, type Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { type Encoding, encoder } from './content-encoding.ts';

/** Sends a stream in an encoding. */
export function sendEncoded(
  reply: FastifyReply,
  stream: Readable,
  encoding: Encoding,
): FastifyReply {
  const transform = encoder(encoding);
  if (transform === undefined) return reply.send(stream);
  reply.header('content-encoding', encoding);
  // A failure ends the answer half way, which is what tells the caller; there is nobody else to be told.
  return reply.send(pipeline(stream, transform, () => undefined));
}
