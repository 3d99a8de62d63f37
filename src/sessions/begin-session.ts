import type { Actor } from '../audit/audit-log-store.ts';
import { recordAudit } from '../audit/audit-log-store.ts';
import { type Clock, DAY_MS, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { cut } from '../text.ts';
import { hashSessionId } from './session-holders.ts';
import { deleteEndedSessions, deleteSession, insertSession } from './session-store.ts';

/** How long sessions last. */
export type SessionLimits = { idleDays: number; days: number };

export type SessionOutside = { clock: Clock; identifiers: Identifiers; limits: SessionLimits };

/** The browser that signs in. */
export type Visitor = {
  userAgent: string | null;
  address: string;
  /** What it is known by, if anybody has signed in with it before. */
  browser: string | undefined;
  /** The session that it had until now, which ends: nobody goes on under an id that was there before. */
  earlier: { organizationId: number; memberSlot: number; token: string } | undefined;
};

/** How somebody signs in. */
export type SignInMethod = 'password' | 'link' | 'oidc';

/** A new session, and the id that its cookie is to hold, which is nowhere else. */
export type NewSession = { id: string; token: string };

/** The same, and what the browser is to be known by from then on. */
export type NewBrowserSession = NewSession & { browser: string };

/** Begins a session of a member, within a transaction. */
export async function beginSession(
  store: Store,
  organizationId: number,
  { memberSlot, method, visitor }: { memberSlot: number; method: SignInMethod; visitor: Visitor },
  { clock, identifiers, limits }: SessionOutside,
): Promise<NewSession> {
  const nowMs = clock();
  const now = wireTime(nowMs);
  const id = identifiers.longSecret();
  const token = identifiers.token();
  const { earlier, userAgent, address } = visitor;
  if (earlier) {
    await deleteSession(store, earlier.organizationId, earlier.memberSlot, earlier.token);
  }
  await deleteEndedSessions(store, organizationId, {
    now,
    idleSince: wireTime(nowMs - limits.idleDays * DAY_MS),
  });
  await insertSession(store, organizationId, {
    idHash: hashSessionId(id),
    token,
    memberSlot,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: wireTime(nowMs + limits.days * DAY_MS),
    userAgent: userAgent && textOf(userAgent),
    address,
  });
  const actor: Actor = { memberSlot, credential: token, address };
  await recordAudit(store, organizationId, {
    at: now,
    actor,
    action: 'session.began',
    subject: { kind: 'session', token },
    detail: { method },
  });
  return { id, token };
}

const LONGEST_USER_AGENT = 300;

/** What a browser calls itself, short and without what no store or terminal should be given. */
function textOf(userAgent: string): string {
  return cut(userAgent.replace(/\p{Cc}/gu, ''), LONGEST_USER_AGENT);
}
