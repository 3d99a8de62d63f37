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

/** Answers a thing of the REST API, with the ETag by which a later change can say what it is a change of. */
export function sendThing<Thing extends object>(reply: FastifyReply, thing: Thing): Thing {
  reply.type(HAL).header('etag', etagOf(thing));
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
 * @param thing as its answer shows it before the change.
 * @throws ApiError precondition_failed where the caller knows it in another state than this.
 */
export function requireMatch({ headers }: Pick<FastifyRequest, 'headers'>, thing: object): void {
  const given = headers['if-match'];
  if (given === undefined || matchesEtag(given, etagOf(thing))) return;
  throw new ApiError(
    'precondition_failed',
    'It was changed since you read it; nothing was changed now.',
    'Read it again, and send the change with the ETag of that answer.',
  );
}
