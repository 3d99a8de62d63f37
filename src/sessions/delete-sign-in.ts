import type { Queries } from '../database/database.ts';
import { deleteOidcIdentities } from './oidc-identity-store.ts';
import { deletePassword } from './password-store.ts';
import { deleteSessionsOfMember } from './session-store.ts';
import { deleteLinksOfMember } from './sign-in-link-store.ts';

/** Takes from a member every way to sign in, and ends the member's sessions, within a transaction. */
export async function deleteSignIn(
  queries: Queries,
  organizationId: number,
  memberSlot: number,
): Promise<void> {
  await deletePassword(queries, organizationId, memberSlot);
  await deleteLinksOfMember(queries, organizationId, memberSlot);
  await deleteOidcIdentities(queries, organizationId, memberSlot);
  await deleteSessionsOfMember(queries, organizationId, memberSlot);
}
