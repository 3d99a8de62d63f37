import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import type { Role } from '../members/member.ts';
import type { Organization, OrganizationNow } from '../organizations/organization.ts';
import { countAccessChange } from '../organizations/organization-store.ts';
import type { AccessToken, AccessTokenKind } from './access-token.ts';

/** What an access token stands for, as found by its public part. */
export type TokenHolder = {
  secretHash: Uint8Array;
  expiresAt: string | null;
  /** The organization, with the number of its last change as of now. */
  organization: Organization & OrganizationNow & { accessChanges: number };
  /** The member it belongs to; undefined for a token of the organization itself. */
  member: { slot: number; role: Role } | undefined;
};

/** An access token as it is listed. */
export type ListedAccessToken = Omit<AccessToken, 'secretHash'> & {
  /** Number and address of the member it belongs to; null for a token of the organization itself. */
  memberId: number | null;
  memberEmail: string | null;
  /** When it was last used, to the minute; null where it never was. */
  lastUsedAt: string | null;
};

export async function insertAccessToken(
  store: Store,
  organizationId: number,
  accessToken: AccessToken,
): Promise<void> {
  await store.run(
    `insert into access_tokens
     (token, kind, organization_id, member_slot, name, secret_hash, created_at, expires_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      accessToken.token,
      accessToken.kind,
      organizationId,
      accessToken.memberSlot,
      accessToken.name,
      accessToken.secretHash,
      accessToken.createdAt,
      accessToken.expiresAt,
    ],
  );
}

/**
 * Whom a public token stands for: undefined where it is unknown, revoked, or its member was removed. It takes no
 * organization because it is what says which organization a caller is in.
 */
export async function findTokenHolder(
  store: Store,
  kind: AccessTokenKind,
  token: string,
): Promise<TokenHolder | undefined> {
  const row = await store.get<{
    secret_hash: Uint8Array;
    expires_at: string | null;
    id: number;
    username: string;
    name: string;
    position: number;
    epoch: string;
    access_changes: number;
    slot: number | null;
    role: Role;
  }>(
    `select t.secret_hash, t.expires_at, o.id, o.username, o.name, o.position, o.epoch,
       o.access_changes, m.slot, m.role
     from access_tokens t
     join organizations o on o.id = t.organization_id
     left join members m on m.organization_id = t.organization_id and m.slot = t.member_slot
     where t.token = ? and t.kind = ? and t.revoked_at is null
     and (t.member_slot is null or m.slot is not null)`,
    [token, kind],
  );
  if (row === undefined) return undefined;
  return {
    secretHash: row.secret_hash,
    expiresAt: row.expires_at,
    organization: {
      id: row.id,
      username: row.username,
      name: row.name,
      position: row.position,
      epoch: row.epoch,
      accessChanges: row.access_changes,
    },
    member: row.slot === null ? undefined : { slot: row.slot, role: row.role },
  };
}

const LISTED = `select t.token, t.kind, t.name, t.member_slot as "memberSlot", t.created_at as "createdAt",
  t.expires_at as "expiresAt", t.last_used_at as "lastUsedAt", m.email as "memberEmail", r.id as "memberId"
  from access_tokens t
  left join members m on m.organization_id = t.organization_id and m.slot = t.member_slot
  left join discovery_rows r on r.organization_id = t.organization_id and r.slot = t.member_slot and r.list = ${lists.members.number}
  where t.organization_id = ? and t.kind = ? and t.revoked_at is null`;

/** The access tokens of a kind that are not revoked, oldest first. */
export async function listAccessTokens(
  store: Store,
  organizationId: number,
  kind: AccessTokenKind,
): Promise<ListedAccessToken[]> {
  return store.all<ListedAccessToken>(`${LISTED} order by t.created_at, t.token`, [
    organizationId,
    kind,
  ]);
}

export async function findAccessToken(
  store: Store,
  organizationId: number,
  kind: AccessTokenKind,
  token: string,
): Promise<ListedAccessToken | undefined> {
  return store.get<ListedAccessToken>(`${LISTED} and t.token = ?`, [organizationId, kind, token]);
}

/** Within a transaction. Answers whether there was such a token to revoke. */
export async function revokeAccessToken(
  store: Store,
  organizationId: number,
  kind: AccessTokenKind,
  token: string,
  revokedAt: string,
): Promise<boolean> {
  const changed = await store.run(
    `update access_tokens set revoked_at = ?
     where organization_id = ? and kind = ? and token = ? and revoked_at is null`,
    [revokedAt, organizationId, kind, token],
  );
  await countAccessChange(store, organizationId);
  return changed > 0;
}

/** Writes down when a token was last used. */
export async function updateLastUsed(
  store: Store,
  organizationId: number,
  token: string,
  lastUsedAt: string,
): Promise<void> {
  await store.run(
    'update access_tokens set last_used_at = ? where organization_id = ? and token = ?',
    [lastUsedAt, organizationId, token],
  );
}

/** Within the transaction that removes the member. Answers how many tokens there were to revoke. */
export async function revokeTokensOfMember(
  store: Store,
  organizationId: number,
  memberSlot: number,
  revokedAt: string,
): Promise<number> {
  const changed = await store.run(
    `update access_tokens set revoked_at = ?
     where organization_id = ? and member_slot = ? and revoked_at is null`,
    [revokedAt, organizationId, memberSlot],
  );
  await countAccessChange(store, organizationId);
  return changed;
}
