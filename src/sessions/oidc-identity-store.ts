import type { Store } from '../database/database.ts';
import { byUsername } from '../organizations/organization.ts';

/** Somebody as an OpenID provider knows them. */
export type OidcSubject = { issuer: string; subject: string };

/** A member whom somebody at the provider is. */
export type OidcMember = { organizationId: number; username: string; slot: number };

/** Which member is linked to which account at a provider. */
export type OidcIdentity = OidcSubject & { memberSlot: number; createdAt: string };

const COLUMNS = 'issuer, subject, member_slot as "memberSlot", created_at as "createdAt"';

/**
 * Who somebody at the provider is here: a member of each organization that knows them. It takes no organization because
 * it is what says which one somebody signs in to.
 *
 * @param among undefined for all organizations.
 */
export async function findOidcMembers(
  store: Store,
  { issuer, subject }: OidcSubject,
  among?: readonly number[],
): Promise<OidcMember[]> {
  const found = await store.everywhere<OidcMember>(
    (isOneOfThem) => `select m.organization_id as "organizationId", o.username, m.slot
     from oidc_identities i
     join members m on m.organization_id = i.organization_id and m.slot = i.member_slot
       and ${isOneOfThem('m.organization_id')}
     join organizations o on o.id = m.organization_id and ${isOneOfThem('o.id')}
     where i.issuer = ? and i.subject = ? and ${isOneOfThem('i.organization_id')}`,
    [issuer, subject],
    among,
  );
  return found.toSorted(byUsername);
}

/** Which member an organization knows somebody as, one who was removed too. */
export async function findOidcIdentity(
  store: Store,
  organizationId: number,
  { issuer, subject }: OidcSubject,
): Promise<OidcIdentity | undefined> {
  return store.get<OidcIdentity>(
    `select ${COLUMNS} from oidc_identities where organization_id = ? and issuer = ? and subject = ?`,
    [organizationId, issuer, subject],
  );
}

/** The accounts to which the members of an organization are linked. */
export async function listOidcIdentities(
  store: Store,
  organizationId: number,
): Promise<OidcIdentity[]> {
  return store.all<OidcIdentity>(
    `select ${COLUMNS} from oidc_identities where organization_id = ? order by member_slot, issuer`,
    [organizationId],
  );
}

/** @throws DuplicateError where the organization knows somebody by it already, or the member by another of the issuer. */
export async function insertOidcIdentity(
  store: Store,
  organizationId: number,
  { issuer, subject, memberSlot, createdAt }: OidcIdentity,
): Promise<void> {
  await store.run(
    `insert into oidc_identities (organization_id, issuer, subject, member_slot, created_at) values (?, ?, ?, ?, ?)`,
    [organizationId, issuer, subject, memberSlot, createdAt],
  );
}

/** The account at a provider to which a member is linked. */
export async function findIdentityOfMember(
  store: Store,
  organizationId: number,
  memberSlot: number,
  issuer: string,
): Promise<OidcIdentity | undefined> {
  return store.get<OidcIdentity>(
    `select ${COLUMNS} from oidc_identities where organization_id = ? and member_slot = ? and issuer = ?`,
    [organizationId, memberSlot, issuer],
  );
}

/** Answers how many accounts the member was linked to. */
export async function deleteOidcIdentities(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<number> {
  return store.run('delete from oidc_identities where organization_id = ? and member_slot = ?', [
    organizationId,
    memberSlot,
  ]);
}
