import type { Store } from '../database/database.ts';
import { findHolder, type Holder } from '../organizations/holder-store.ts';
import { countAccessChange } from '../organizations/organization-store.ts';

/** A session as it is listed. */
export type Session = {
  token: string;
  memberSlot: number;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  userAgent: string | null;
  address: string | null;
};

/** Whom a session stands for, as found by what its cookie holds. */
export type SessionHolder = {
  token: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  organization: Holder['organization'];
  member: NonNullable<Holder['member']>;
};

export async function insertSession(
  store: Store,
  organizationId: number,
  { idHash, ...session }: Session & { idHash: Uint8Array },
): Promise<void> {
  await store.run(
    `insert into sessions
     (id_hash, token, organization_id, member_slot, created_at, last_seen_at, expires_at, user_agent, address)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      idHash,
      session.token,
      organizationId,
      session.memberSlot,
      session.createdAt,
      session.lastSeenAt,
      session.expiresAt,
      session.userAgent,
      session.address,
    ],
  );
}

/**
 * Whom a session stands for: undefined where it is unknown or ended, or its member was removed. It takes no organization
 * because it is what says which organization a caller is in.
 */
export async function findSessionHolder(
  store: Store,
  idHash: Uint8Array,
): Promise<SessionHolder | undefined> {
  const found = await store.get<Session & { organizationId: number }>(
    `select organization_id as "organizationId", ${LISTED} from sessions where id_hash = ?`,
    [idHash],
  );
  if (found === undefined) return undefined;
  const holder = await findHolder(store, found.organizationId, found.memberSlot);
  if (holder?.member === undefined) return undefined;
  const { token, createdAt, lastSeenAt, expiresAt } = found;
  return {
    ...{ token, createdAt, lastSeenAt, expiresAt },
    ...{ organization: holder.organization, member: holder.member },
  };
}

const LISTED = `token, member_slot as "memberSlot", created_at as "createdAt", last_seen_at as "lastSeenAt",
  expires_at as "expiresAt", user_agent as "userAgent", address`;

/** The sessions of a member that have not ended, the last used first. */
export async function listSessions(
  store: Store,
  organizationId: number,
  memberSlot: number,
  { now, idleSince }: { now: string; idleSince: string },
): Promise<Session[]> {
  return store.all<Session>(
    `select ${LISTED} from sessions
     where organization_id = ? and member_slot = ? and expires_at > ? and last_seen_at > ?
     order by last_seen_at desc, token`,
    [organizationId, memberSlot, now, idleSince],
  );
}

/** Answers whether there was such a session of the member to end. */
export async function deleteSession(
  store: Store,
  organizationId: number,
  memberSlot: number,
  token: string,
): Promise<boolean> {
  const deleted = await store.run(
    'delete from sessions where organization_id = ? and member_slot = ? and token = ?',
    [organizationId, memberSlot, token],
  );
  if (deleted > 0) await countAccessChange(store, organizationId);
  return deleted > 0;
}

/** Ends every session of a member, or every one but that of a token; answers how many there were. */
export async function deleteSessionsOfMember(
  store: Store,
  organizationId: number,
  memberSlot: number,
  exceptToken: string | null = null,
): Promise<number> {
  const deleted = await store.run(
    'delete from sessions where organization_id = ? and member_slot = ? and token <> ?',
    [organizationId, memberSlot, exceptToken ?? ''],
  );
  if (deleted > 0) await countAccessChange(store, organizationId);
  return deleted;
}

/** Forgets the sessions that have ended by themselves. */
export async function deleteEndedSessions(
  store: Store,
  organizationId: number,
  { now, idleSince }: { now: string; idleSince: string },
): Promise<void> {
  await store.run(
    'delete from sessions where organization_id = ? and (expires_at <= ? or last_seen_at <= ?)',
    [organizationId, now, idleSince],
  );
}

export async function updateLastSeen(
  store: Store,
  organizationId: number,
  token: string,
  lastSeenAt: string,
): Promise<void> {
  await store.run(
    'update sessions set last_seen_at = ? where organization_id = ? and token = ? and last_seen_at < ?',
    [lastSeenAt, organizationId, token, lastSeenAt],
  );
}
