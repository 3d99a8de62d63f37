import type { Store } from '../database/database.ts';
import { lists } from '../inventory/lists.ts';
import { findHolder, type Holder } from '../organizations/holder-store.ts';
import { countAccessChange } from '../organizations/organization-store.ts';
import type { AccessToken, AccessTokenKind } from './access-token.ts';

/** What an access token stands for, as found by its public part. */
export type TokenHolder = Pick<Holder, 'organization'> & {
  secretHash: Uint8Array;
  expiresAt: string | null;
  /** The member it belongs to; undefined for a token of the organization itself. */
  member: Omit<NonNullable<Holder['member']>, 'email'> | undefined;
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
  const found = await findValidToken(store, kind, token);
  if (found === undefined) return undefined;
  const holder = await findHolder(store, found.organizationId, found.memberSlot);
  // Asked again, so that what is remembered with `accessChanges` was still valid at that number.
  if (holder === undefined || !(await findValidToken(store, kind, token))) return undefined;
  const { secretHash, expiresAt } = found;
  return { secretHash, expiresAt, ...holder };
}

type ValidToken = {
  organizationId: number;
  memberSlot: number | null;
  secretHash: Uint8Array;
  expiresAt: string | null;
};

function findValidToken(
  store: Store,
  kind: AccessTokenKind,
  token: string,
): Promise<ValidToken | undefined> {
  return store.get<ValidToken>(
    `select organization_id as "organizationId", member_slot as "memberSlot", secret_hash as "secretHash",
       expires_at as "expiresAt"
     from access_tokens where token = ? and kind = ? and revoked_at is null`,
    [token, kind],
  );
}

const LISTED = `select token, kind, name, member_slot as "memberSlot", created_at as "createdAt",
  expires_at as "expiresAt", last_used_at as "lastUsedAt"
  from access_tokens where organization_id = ? and kind = ? and revoked_at is null`;

type RawAccessToken = Omit<ListedAccessToken, 'memberId' | 'memberEmail'>;

/** The access tokens of a kind that are not revoked, oldest first. */
export async function listAccessTokens(
  store: Store,
  organizationId: number,
  kind: AccessTokenKind,
): Promise<ListedAccessToken[]> {
  const found = await store.all<RawAccessToken>(`${LISTED} order by created_at, token`, [
    organizationId,
    kind,
  ]);
  return withMembers(store, organizationId, found);
}

export async function findAccessToken(
  store: Store,
  organizationId: number,
  kind: AccessTokenKind,
  token: string,
): Promise<ListedAccessToken | undefined> {
  const found = await store.all<RawAccessToken>(`${LISTED} and token = ?`, [
    organizationId,
    kind,
    token,
  ]);
  const [listed] = await withMembers(store, organizationId, found);
  return listed;
}

async function withMembers(
  store: Store,
  organizationId: number,
  tokens: readonly RawAccessToken[],
): Promise<ListedAccessToken[]> {
  const slots = new Set(tokens.flatMap(({ memberSlot }) => memberSlot ?? []));
  const members = await store.allEach<{ slot: number; id: number | null; email: string }>(
    `select m.slot, m.email, r.id
     from members m
     left join discovery_rows r on r.organization_id = m.organization_id and r.slot = m.slot and r.list = ?
     where m.organization_id = ? and m.slot = ?`,
    [...slots].map((slot) => [lists.members.number, organizationId, slot]),
  );
  const bySlot = new Map(members.map((member) => [member.slot, member]));
  return tokens.map((token) => {
    const member = bySlot.get(token.memberSlot ?? 0);
    return { ...token, memberId: member?.id ?? null, memberEmail: member?.email ?? null };
  });
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
