import type { FastifyRequest } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import { recordAudit } from '../audit/audit-log-store.ts';
import type { SessionCaller } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { deleteSession, deleteSessionsOfMember } from './session-store.ts';

type Parts = { database: Database; clock: Clock };
type By = { caller: SessionCaller; request: Pick<FastifyRequest, 'ip'> };

/** Ends one session of the member who calls; answers whether there was one of that token. */
export async function endSession(
  { database, clock }: Parts,
  { caller, request, token }: By & { token: string },
): Promise<boolean> {
  const { organization, member } = caller;
  return database.transaction(async (store) => {
    if (!(await deleteSession(store, organization.id, member.slot, token))) return false;
    await recordAudit(store, organization.id, {
      at: wireTime(clock()),
      actor: actorOf(caller, request),
      action: 'session.ended',
      subject: { kind: 'session', token },
    });
    return true;
  });
}

/** Ends every session of the member who calls, on every machine; answers how many there were. */
export async function endAllSessions(
  { database, clock }: Parts,
  { caller, request }: By,
): Promise<number> {
  const { organization, member } = caller;
  return database.transaction(async (store) => {
    const ended = await deleteSessionsOfMember(store, organization.id, member.slot);
    await recordAudit(store, organization.id, {
      at: wireTime(clock()),
      actor: actorOf(caller, request),
      action: 'session.all_ended',
      subject: { kind: 'session' },
      detail: { ended },
    });
    return ended;
  });
}
