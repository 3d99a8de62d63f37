import { pipeline, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseEncoding, type Encoding, encoder } from './content-encoding.ts';

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

/** Sends JSON that is text already, in the encoding that the request asks for. */
export function sendJsonText(
  request: FastifyRequest,
  reply: FastifyReply,
  json: string,
): FastifyReply {
  reply.type('application/json; charset=utf-8');
  const bytes = Readable.from([Buffer.from(json)], { objectMode: false });
  return sendEncoded(reply, bytes, chooseEncoding(request.headers['accept-encoding']));
}
