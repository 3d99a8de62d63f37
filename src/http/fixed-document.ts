import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseEncoding, type Encoding, encode } from './content-encoding.ts';
import { matchesEtag } from './if-none-match.ts';
import { addVary } from './vary.ts';

/** A text that stays the same as long as the server lives, so that it is made into bytes once, and compressed once. */
export class FixedDocument {
  readonly etag: string;
  readonly #plain: Buffer;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(text: string) {
    this.#plain = Buffer.from(text);
    this.etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  }

  in(encoding: Encoding): Promise<Buffer> {
    let encoded = this.#encoded.get(encoding);
    if (encoded === undefined) {
      encoded = encode(encoding, this.#plain);
      this.#encoded.set(encoding, encoded);
    }
    return encoded;
  }
}

/** Answers a document in the encoding that the caller likes best, or 304 where the caller has it. */
export async function sendFixed(
  request: FastifyRequest,
  reply: FastifyReply,
  document: FixedDocument,
  mediaType: string,
): Promise<FastifyReply> {
  addVary(reply, 'Accept-Encoding');
  // Weak, for its bytes are others in another encoding.
  reply.header('etag', `W/${document.etag}`).header('cache-control', 'no-cache');
  if (matchesEtag(request.headers['if-none-match'], document.etag)) return reply.code(304).send();
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type(mediaType).send(await document.in(encoding));
}
