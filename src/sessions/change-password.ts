import type { FastifyRequest } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import type { SessionCaller } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { beginAttempt } from './guessing.ts';
import { checkPassword, hashPassword, isPassword } from './password.ts';
import { findPasswordHash } from './password-store.ts';
import { refuseWhereProviderSignsIn, setPassword } from './set-password.ts';
import { deleteLinksOfMember } from './sign-in-link-store.ts';

type Parts = { database: Database; clock: Clock; issuer: string | undefined };
type Change = { current: string | undefined; next: string };

/**
 * Gives the member who calls another password. Who has one says it, so that a browser left alone is not enough.
 *
 * @throws ApiError
 */
export async function changePassword(
  parts: Parts,
  { caller, request }: { caller: SessionCaller; request: Pick<FastifyRequest, 'ip'> },
  { current, next }: Change,
): Promise<void> {
  const { database } = parts;
  const { id } = caller.organization;
  const { slot: memberSlot, email } = caller.member;
  checkPassword(next, email);
  await refuseWhereProviderSignsIn(database, id, memberSlot, parts.issuer);
  const known = await findPasswordHash(database, id, memberSlot);
  if (known !== undefined) {
    const succeed = await beginAttempt(parts, { session: caller.token });
    if (!(await isPassword(current ?? '', known))) {
      throw new ApiError(
        'forbidden',
        'The current password is wrong.',
        'If you forgot it, ask an admin for a sign-in link.',
      );
    }
    await succeed();
  }
  const hash = await hashPassword(next);
  const actor = actorOf(caller, request);
  await database.transaction(async (store) => {
    await setPassword(store, id, { memberSlot, email, hash, actor }, parts);
    await deleteLinksOfMember(store, id, memberSlot);
  });
}
