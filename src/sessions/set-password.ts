import { type Actor, recordAudit } from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { findIdentityOfMember } from './oidc-identity-store.ts';
import { savePassword } from './password-store.ts';
import { deleteSessionsOfMember } from './session-store.ts';

/**
 * Who signs in at the OpenID provider has no password besides, which would outlive what the provider decides.
 *
 * @param issuer the provider; undefined where none is configured.
 * @throws ApiError conflict
 */
export async function refuseWhereProviderSignsIn(
  store: Store,
  organizationId: number,
  memberSlot: number,
  issuer: string | undefined,
): Promise<void> {
  if (issuer === undefined) return;
  if (!(await findIdentityOfMember(store, organizationId, memberSlot, issuer))) return;
  throw new ApiError(
    'conflict',
    `This member signs in at ${issuer}, and has no password here.`,
    'Sign in there, or use a sign-in link without a password.',
  );
}

type NewPassword = { memberSlot: number; email: string; hash: string; actor: Actor };

/** Gives a member a password, within a transaction. Every session but the one that does it ends. */
export async function setPassword(
  store: Store,
  organizationId: number,
  { memberSlot, email, hash, actor }: NewPassword,
  { clock }: { clock: Clock },
): Promise<void> {
  const at = wireTime(clock());
  await savePassword(store, organizationId, { memberSlot, hash, changedAt: at });
  await deleteSessionsOfMember(store, organizationId, memberSlot, actor.credential);
  await recordAudit(store, organizationId, {
    at,
    actor,
    action: 'password.changed',
    subject: { kind: 'member', name: email },
  });
}
