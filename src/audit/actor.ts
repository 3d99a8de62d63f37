import type { FastifyRequest } from 'fastify';
import type { Caller } from '../callers/authenticate.ts';
import type { Actor } from './audit-log-store.ts';

/** Who does what a request asks for. */
export function actorOf({ member, token }: Caller, { ip }: Pick<FastifyRequest, 'ip'>): Actor {
  return { memberSlot: member?.slot ?? null, credential: token, address: ip };
}
