import type { Store } from '../database/database.ts';
import { deletePassword } from './password-store.ts';
import { deleteSessionsOfMember } from './session-store.ts';
import { deleteLinksOfMember } from './sign-in-link-store.ts';

/**
 * Takes from a member who is removed every way to sign in, and ends the member's sessions, within a transaction. Which
 * account at a provider the member is linked to is kept: no other one gets what was theirs.
 */
export async function deleteSignIn(
  store: Store,
  organizationId: number,
  memberSlot: number,
): Promise<void> {
  await deletePassword(store, organizationId, memberSlot);
  await deleteLinksOfMember(store, organizationId, memberSlot);
  await deleteSessionsOfMember(store, organizationId, memberSlot);
}
