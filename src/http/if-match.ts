import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { ApiError } from '../errors.ts';
import { HAL, halResponse } from './hal.ts';
import { matchesEtag } from './if-none-match.ts';

/** What tells one state of a thing from any other: the ETag of the answer that shows it. */
function etagOf(thing: object): string {
  return `"${createHash('sha256').update(JSON.stringify(thing)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Answers a thing of the REST API, with the ETag by which a later change can say what it is a change of.
 *
 * @param state what of the thing such a change would be in the way of, where that is not all of it.
 */
export function sendThing<Thing extends object>(
  reply: FastifyReply,
  thing: Thing,
  state: object = thing,
): Thing {
  reply.type(HAL).header('etag', etagOf(state));
  return thing;
}

/** The response of an operation that answers with `sendThing`. */
export function thingResponse<Schema extends TSchema>(description: string, schema: Schema) {
  return { ...halResponse(description, schema), headers: { ETag: etagHeader } };
}

const etagHeader = {
  type: 'string',
  description: 'Stands for this state of the thing: what changes it takes it as `If-Match`.',
};

/**
 * @param state of the thing before the change, as it was given to `sendThing`.
 * @throws ApiError precondition_failed where the caller knows it in another state than this.
 */
export function requireMatch({ headers }: Pick<FastifyRequest, 'headers'>, state: object): void {
  const given = headers['if-match'];
  if (given === undefined || matchesEtag(given, etagOf(state))) return;
  throw new ApiError(
    'precondition_failed',
    'It was changed since you read it; nothing was changed now.',
    'Read it again, and send the change with the ETag of that answer.',
  );
}
