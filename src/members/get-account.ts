import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { findListedMember } from './listed-members.ts';
import type { Member } from './member.ts';
import { findMemberBySlot } from './member-store.ts';

/**
 * The member of a membership who has an account here, within the transaction that changes something about it.
 *
 * @throws ApiError not_found
 */
export async function getAccount(
  store: Store,
  organizationId: number,
  token: string,
): Promise<Member> {
  const listed = await findListedMember(store, organizationId, token);
  const member = listed && (await findMemberBySlot(store, organizationId, listed.slot));
  if (member) return member;
  throw new ApiError(
    'not_found',
    'member not found',
    'The member may have been removed, or is known from an import and has no account here. Invite the member to create one.',
  );
}
