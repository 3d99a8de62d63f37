import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { ApiError } from '../errors.ts';
import { below, HAL, halResponse } from './hal.ts';
import { matchesEtag } from './if-none-match.ts';

/** What tells one state of a thing from any other: the ETag of the answer that shows it. */
function etagOf(thing: object): string {
  return etagOfBytes(Buffer.from(JSON.stringify(thing)));
}

function etagOfBytes(bytes: Buffer): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
}

/**
 * A thing of the REST API as it is answered: the reply gets the ETag by which a later change can say what it is a change of.
 *
 * @param state what of the thing such a change would be in the way of, where that is not all of it.
 */
export function withEtag<Thing extends object>(
  reply: FastifyReply,
  thing: Thing,
  state: object = thing,
): Thing {
  reply.header('etag', etagOf(state));
  return thing;
}

/** Sends such a thing where it may be large: it is made in several turns of the event loop. */
export async function sendLargeThing(reply: FastifyReply, thing: object): Promise<FastifyReply> {
  const bytes = await largeBytes(thing);
  reply.type(HAL).header('etag', etagOfBytes(bytes));
  const { basePath } = reply.server;
  return reply.send(basePath === '' ? bytes : await largeBytes(below(thing, basePath) as object));
}

async function largeBytes(thing: object): Promise<Buffer> {
  const text = JSON.stringify(thing);
  await nextTurn();
  const bytes = Buffer.from(text);
  await nextTurn();
  return bytes;
}

/** The response of an operation that answers with `withEtag` or `sendLargeThing`. */
export function thingResponse<Schema extends TSchema>(description: string, schema: Schema) {
  return { ...halResponse(description, schema), headers: { ETag: etagHeader } };
}

const etagHeader = {
  type: 'string',
  description: 'State of the resource. Send it as `If-Match` with a change.',
};

/**
 * @param state of the thing before the change, as it was given to `withEtag`.
 * @throws ApiError precondition_failed where the caller knows it in another state than this.
 */
export function requireMatch({ headers }: Pick<FastifyRequest, 'headers'>, state: object): void {
  const given = headers['if-match'];
  if (given !== undefined && !matchesEtag(given, etagOf(state))) throw wasChanged();
}

/** The same for what was given to `sendLargeThing`. */
export async function requireLargeMatch(
  { headers }: Pick<FastifyRequest, 'headers'>,
  state: object,
): Promise<void> {
  const given = headers['if-match'];
  if (given === undefined) return;
  if (!matchesEtag(given, etagOfBytes(await largeBytes(state)))) throw wasChanged();
}

function wasChanged(): ApiError {
  return new ApiError(
    'precondition_failed',
    'It was changed since you read it. Nothing was changed now.',
    'Read it again, and send the change with the new ETag.',
  );
}
