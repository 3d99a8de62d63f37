import type { Queries } from '../database/database.ts';
import type { OrganizationNow } from '../discovery/projections.ts';
import type { Role } from '../members/member.ts';
import type { Organization } from '../organizations/organization.ts';

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
  lastSeenAt: string;
  expiresAt: string;
  organization: Organization & OrganizationNow & { accessChanges: number };
  member: { slot: number; role: Role };
};

export async function insertSession(
  queries: Queries,
  organizationId: number,
  { idHash, ...session }: Session & { idHash: Uint8Array },
): Promise<void> {
  await queries.run(
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
  queries: Queries,
  idHash: Uint8Array,
): Promise<SessionHolder | undefined> {
  const row = await queries.get<{
    token: string;
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
  }>(
    `select s.token, s.last_seen_at, s.expires_at, o.id, o.username, o.name, o.position, o.epoch,
       o.access_changes, m.slot, m.role
     from sessions s
     join organizations o on o.id = s.organization_id
     join members m on m.organization_id = s.organization_id and m.slot = s.member_slot
     where s.id_hash = ?`,
    [idHash],
  );
  if (row === undefined) return undefined;
  return {
    token: row.token,
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
    member: { slot: row.slot, role: row.role },
  };
}
