import type { Store } from '../database/database.ts';
import { byUsername } from '../organizations/organization.ts';

/** A member who may be the one who signs in. */
export type SignInCandidate = {
  organizationId: number;
  username: string;
  slot: number;
  /** Null where the member has no password. */
  passwordHash: string | null;
};

/**
 * Who has this address: a member of each organization in which somebody has it. It takes no organization because it is
 * what says which one somebody signs in to.
 *
 * @param among undefined for all organizations.
 */
export async function findSignInCandidates(
  store: Store,
  email: string,
  among?: readonly number[],
): Promise<SignInCandidate[]> {
  const found = await store.everywhere<SignInCandidate>(
    (
      isOneOfThem,
    ) => `select m.organization_id as "organizationId", o.username, m.slot, p.hash as "passwordHash"
     from members m
     join organizations o on o.id = m.organization_id and ${isOneOfThem('o.id')}
     left join passwords p on p.organization_id = m.organization_id and p.member_slot = m.slot
       and ${isOneOfThem('p.organization_id')}
     where m.email = ? and ${isOneOfThem('m.organization_id')}`,
    [email],
    among,
  );
  return found.toSorted(byUsername);
}

export async function findPasswordHash(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<string | undefined> {
  const row = await store.get<{ hash: string }>(
    'select hash from passwords where organization_id = ? and member_slot = ?',
    [organizationId, memberSlot],
  );
  return row?.hash;
}

export async function savePassword(
  store: Store,
  organizationId: number,
  { memberSlot, hash, changedAt }: { memberSlot: number; hash: string; changedAt: string },
): Promise<void> {
  await store.run(
    `insert into passwords (organization_id, member_slot, hash, changed_at) values (?, ?, ?, ?)
     on conflict (organization_id, member_slot) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
    [organizationId, memberSlot, hash, changedAt],
  );
}

/** Puts the same password under newer parameters, unless it was changed meanwhile. */
export async function replacePasswordHash(
  store: Store,
  organizationId: number,
  { memberSlot, from, to }: { memberSlot: number; from: string; to: string },
): Promise<void> {
  await store.run(
    'update passwords set hash = ? where organization_id = ? and member_slot = ? and hash = ?',
    [to, organizationId, memberSlot, from],
  );
}

export async function deletePassword(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<void> {
  await store.run('delete from passwords where organization_id = ? and member_slot = ?', [
    organizationId,
    memberSlot,
  ]);
}
