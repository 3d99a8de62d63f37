import { hash } from 'node:crypto';
import { type Actor, recordAudit } from '../audit/audit-log-store.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Store } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Member } from '../members/member.ts';
import { deleteExpiredLinks, insertSignInLink } from './sign-in-link-store.ts';

const HOUR_MS = 60 * 60 * 1000;

/** What a link is found by: the store never holds what the link does. */
export function hashLinkSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/** A link that signs a member in once, and its end. */
export type SignInLink = { secret: string; expiresAt: string };

/** Makes a sign-in link for a member, within a transaction; it is in the answer and nowhere else. */
export async function makeSignInLink(
  store: Store,
  organizationId: number,
  { member, hours, by }: { member: Pick<Member, 'slot' | 'email'>; hours: number; by: Actor },
  { clock, identifiers }: { clock: Clock; identifiers: Identifiers },
): Promise<SignInLink> {
  const nowMs = clock();
  const now = wireTime(nowMs);
  const secret = identifiers.longSecret();
  const expiresAt = wireTime(nowMs + hours * HOUR_MS);
  await deleteExpiredLinks(store, organizationId, now);
  await insertSignInLink(store, organizationId, {
    secretHash: hashLinkSecret(secret),
    memberSlot: member.slot,
    createdAt: now,
    expiresAt,
  });
  await recordAudit(store, organizationId, {
    at: now,
    actor: by,
    action: 'sign_in_link.made',
    subject: { kind: 'member', name: member.email },
    detail: { expires_at: expiresAt },
  });
  return { secret, expiresAt };
}

/** The address that is opened in a browser. What stands after `#` no browser sends, so that no log ever has it. */
export function linkUrl(baseUrl: string, { secret }: Pick<SignInLink, 'secret'>): string {
  return `${baseUrl}/sign-in#link=${secret}`;
}
