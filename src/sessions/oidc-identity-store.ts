import type { Queries } from '../database/database.ts';

/** Somebody as an OpenID provider knows them. */
export type OidcSubject = { issuer: string; subject: string };

/** A member whom somebody at the provider is. */
export type OidcMember = { organizationId: number; username: string; slot: number };

/**
 * Who somebody at the provider is here: a member of each organization that knows them. It takes no organization because
 * it is what says which one somebody signs in to.
 */
export async function findOidcMembers(
  queries: Queries,
  { issuer, subject }: OidcSubject,
): Promise<OidcMember[]> {
  return queries.all<OidcMember>(
    `select m.organization_id as "organizationId", o.username, m.slot
     from oidc_identities i
     join members m on m.organization_id = i.organization_id and m.slot = i.member_slot
     join organizations o on o.id = m.organization_id
     where i.issuer = ? and i.subject = ? order by o.username`,
    [issuer, subject],
  );
}

/** @throws DuplicateError where the organization knows somebody by it already. */
export async function insertOidcIdentity(
  queries: Queries,
  organizationId: number,
  {
    issuer,
    subject,
    memberSlot,
    createdAt,
  }: OidcSubject & { memberSlot: number; createdAt: string },
): Promise<void> {
  await queries.run(
    `insert into oidc_identities (organization_id, issuer, subject, member_slot, created_at) values (?, ?, ?, ?, ?)`,
    [organizationId, issuer, subject, memberSlot, createdAt],
  );
}

/** Whether a provider knows the member. */
export async function hasOidcIdentity(
  queries: Queries,
  organizationId: number,
  memberSlot: number,
  issuer: string,
): Promise<boolean> {
  const row = await queries.get(
    'select 1 as known from oidc_identities where organization_id = ? and member_slot = ? and issuer = ?',
    [organizationId, memberSlot, issuer],
  );
  return row !== undefined;
}

export async function deleteOidcIdentities(
  queries: Queries,
  organizationId: number,
  memberSlot: number,
): Promise<void> {
  await queries.run('delete from oidc_identities where organization_id = ? and member_slot = ?', [
    organizationId,
    memberSlot,
  ]);
}
