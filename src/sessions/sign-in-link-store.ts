import type { Store } from '../database/database.ts';
import { findHolder } from '../organizations/holder-store.ts';

export async function insertSignInLink(
  store: Store,
  organizationId: number,
  link: { secretHash: Uint8Array; memberSlot: number; createdAt: string; expiresAt: string },
): Promise<void> {
  await store.run(
    `insert into sign_in_links (secret_hash, organization_id, member_slot, created_at, expires_at)
     values (?, ?, ?, ?, ?)`,
    [link.secretHash, organizationId, link.memberSlot, link.createdAt, link.expiresAt],
  );
}

/** Forgets the links that nobody used in time. */
export async function deleteExpiredLinks(
  store: Store,
  organizationId: number,
  now: string,
): Promise<void> {
  await store.run('delete from sign_in_links where organization_id = ? and expires_at <= ?', [
    organizationId,
    now,
  ]);
}

/** Takes every link from a member that was not used yet. */
export async function deleteLinksOfMember(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<void> {
  await store.run('delete from sign_in_links where organization_id = ? and member_slot = ?', [
    organizationId,
    memberSlot,
  ]);
}

/** Whom a link signs in. */
export type LinkHolder = { organizationId: number; slot: number; email: string };

/**
 * Whom a link is for: undefined where it is unknown, was used, or is too old. It takes no organization because it is
 * what says which one somebody signs in to.
 */
export async function findLinkHolder(
  store: Store,
  secretHash: Uint8Array,
  now: string,
): Promise<LinkHolder | undefined> {
  const found = await store.get<{ organizationId: number; memberSlot: number }>(
    `select organization_id as "organizationId", member_slot as "memberSlot" from sign_in_links
     where secret_hash = ? and expires_at > ?`,
    [secretHash, now],
  );
  if (found === undefined) return undefined;
  const { organizationId, memberSlot } = found;
  const member = (await findHolder(store, organizationId, memberSlot))?.member;
  return member && { organizationId, slot: member.slot, email: member.email };
}

/** Uses a link up; answers whether it was still there, which only one of those who use it at once is told. */
export async function deleteSignInLink(
  store: Store,
  organizationId: number,
  secretHash: Uint8Array,
): Promise<boolean> {
  const deleted = await store.run(
    'delete from sign_in_links where organization_id = ? and secret_hash = ?',
    [organizationId, secretHash],
  );
  return deleted > 0;
}
