import type { Store } from '../database/database.ts';
import { findListedMembers, findListedMembersByEmail } from '../members/listed-members.ts';

/** Who made a thing, as far as it is known: the member's slot, or the address that an import has brought. */
export type Creator = { slot: number | null; email: string | null };

type KnownCreator = { slot: number; token: string };

/** The members who made things: those that are there, each where its creator stands. */
export async function findCreators(
  store: Store,
  organizationId: number,
  creators: readonly Creator[],
): Promise<(KnownCreator | undefined)[]> {
  const slots = creators.flatMap(({ slot }) => (slot === null ? [] : [slot]));
  const members = await findListedMembers(store, organizationId, [...new Set(slots)]);
  const bySlot = new Map(members.map((member) => [member.slot, member]));
  const emails = creators.flatMap(({ slot, email }) =>
    slot === null && email !== null ? [email.toLowerCase()] : [],
  );
  const byEmail = await findListedMembersByEmail(store, organizationId, new Set(emails));
  return creators.map(({ slot, email }) =>
    slot === null ? byEmail.get(email?.toLowerCase() ?? '') : bySlot.get(slot),
  );
}

export async function findCreator(
  store: Store,
  organizationId: number,
  creator: Creator,
): Promise<KnownCreator | undefined> {
  const [found] = await findCreators(store, organizationId, [creator]);
  return found;
}
