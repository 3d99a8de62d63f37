import type { Store } from '../database/database.ts';
import type { Role } from '../members/member.ts';
import type { Organization, OrganizationNow } from '../organizations/organization.ts';
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
  organization: Organization & OrganizationNow & { accessChanges: number };
  member: { slot: number; role: Role; email: string };
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
  const row = await store.get<{
    token: string;
    created_at: string;
    last_seen_at: string;
    expires_at: string;
    id: number;
    username: string;
    name: string;
    position: number;
    epoch: string;
    access_changes: number;
    slot: number;
    role: Role;
    email: string;
  }>(
    `select s.token, s.created_at, s.last_seen_at, s.expires_at, o.id, o.username, o.name, o.position, o.epoch,
       o.access_changes, m.slot, m.role, m.email
     from sessions s
     join organizations o on o.id = s.organization_id
     join members m on m.organization_id = s.organization_id and m.slot = s.member_slot
     where s.id_hash = ?`,
    [idHash],
  );
  if (row === undefined) return undefined;
  return {
    token: row.token,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    organization: {
      id: row.id,
      username: row.username,
      name: row.name,
      position: row.position,
      epoch: row.epoch,
      accessChanges: row.access_changes,
    },
    member: { slot: row.slot, role: row.role, email: row.email },
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
