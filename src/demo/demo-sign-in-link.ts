import { commandLine } from '../audit/audit-log-store.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Identifiers } from '../identifiers.ts';
import { putMember } from '../members/change-members.ts';
import { findMember } from '../members/member-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { makeSignInLink, type SignInLink } from '../sessions/make-sign-in-link.ts';
import { DEMO_ADMIN } from './demo-credentials.ts';

/** A new link that signs the demo's admin in, who is made where there is none. */
export async function makeDemoSignInLink(
  database: Database,
  { id }: Organization,
  hours: number,
  outside: { clock: Clock; identifiers: Identifiers },
): Promise<SignInLink> {
  return database.transaction(async (store) => {
    const member =
      (await findMember(store, id, DEMO_ADMIN)) ??
      (await putMember(store, id, { email: DEMO_ADMIN, role: 'admin' }, outside));
    return makeSignInLink(store, id, { member, hours, by: commandLine }, outside);
  });
}
