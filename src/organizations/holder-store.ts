import type { Store } from '../database/database.ts';
import type { Role } from '../members/member.ts';
import type { Organization, OrganizationNow } from './organization.ts';

/** The organization and the member of a credential. */
export type Holder = {
  /** The organization, with the number of its last change as of now. */
  organization: Organization & OrganizationNow & { accessChanges: number };
  /** Undefined for a credential of the organization itself. */
  member: { slot: number; role: Role; email: string } | undefined;
};

/**
 * The organization and the member of a credential that was found by itself: what finds an organization is in tables of
 * its own, which no statement joins with those of organizations. Undefined if the member was removed.
 */
export async function findHolder(
  store: Store,
  organizationId: number,
  memberSlot: number | null,
): Promise<Holder | undefined> {
  const found = await store.get<
    Holder['organization'] & { slot: number | null; role: Role; email: string }
  >(
    `select o.id, o.username, o.name, o.position, o.epoch, o.access_changes as "accessChanges", m.slot, m.role, m.email
     from organizations o left join members m on m.organization_id = o.id and m.slot = ?
     where o.id = ?`,
    // Where it is compared with null, Citus cannot tell on which node the members are.
    [memberSlot ?? 0, organizationId],
  );
  if (found === undefined || found.slot !== memberSlot) return undefined;
  const { slot, role, email, ...organization } = found;
  return { organization, member: slot === null ? undefined : { slot, role, email } };
}
