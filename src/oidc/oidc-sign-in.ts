import { recordAudit } from '../audit/audit-log-store.ts';
import { wireTime } from '../clock.ts';
import type { Database, Queries } from '../database/database.ts';
import { putMember } from '../members/change-members.ts';
import { isEmail } from '../members/member.ts';
import { findOrganization } from '../organizations/organization-store.ts';
import {
  beginSession,
  type NewSession,
  type SessionOutside,
  type Visitor,
} from '../sessions/begin-session.ts';
import {
  findOidcMembers,
  insertOidcIdentity,
  type OidcMember,
} from '../sessions/oidc-identity-store.ts';
import { deletePassword, findSignInCandidates } from '../sessions/password-store.ts';
import type { OidcPerson } from './oidc-provider.ts';

/** Whom the provider may send. */
export type OidcRules = {
  /** The domains that an address may be of; any where there are none. */
  domains: readonly string[];
  /** The organization that whoever comes becomes a member of. */
  join: string | undefined;
};

type Parts = { database: Database; rules: OidcRules } & SessionOutside;

/** Why somebody whom the provider knows is not signed in. */
export type OidcRefusal = 'not_a_member' | 'several_organizations';

/**
 * Begins a session for somebody whom the provider vouches for: the member that they were before or, the first time, the
 * one of their verified address. From then on that member has no password, which would outlive what the provider decides.
 *
 * @param organization where the person wants to go, if they are a member of several.
 */
export async function signInByOidc(
  { database, rules, ...outside }: Parts,
  { person, organization }: { person: OidcPerson; organization: string | undefined },
  visitor: Visitor,
): Promise<NewSession | OidcRefusal> {
  return database.transaction(async (queries) => {
    const isWanted = ({ username }: OidcMember) =>
      organization === undefined || organization === username;
    const known = (await findOidcMembers(queries, person)).filter(isWanted);
    const found =
      known.length > 0
        ? known
        : (await findByEmail(queries, person, rules, outside)).filter(isWanted);
    const [member, ...others] = found;
    if (member === undefined) return 'not_a_member';
    if (others.length > 0) return 'several_organizations';
    const begun = { memberSlot: member.slot, method: 'oidc', visitor } as const;
    const session = await beginSession(queries, member.organizationId, begun, outside);
    if (known.length === 0) await link(queries, member, { person, session, visitor }, outside);
    return session;
  });
}

/** The members of the address that the provider has verified; a new one where somebody may join. */
async function findByEmail(
  queries: Queries,
  { email: given }: OidcPerson,
  { domains, join }: OidcRules,
  outside: SessionOutside,
): Promise<OidcMember[]> {
  const email = given?.trim().toLowerCase();
  if (email === undefined || !isEmail(email)) return [];
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (domains.length > 0 && !domains.includes(domain)) return [];
  const members = await findSignInCandidates(queries, email);
  if (members.length > 0 || join === undefined) return members;
  const joined = await findOrganization(queries, join);
  if (joined === undefined) return [];
  const { slot } = await putMember(queries, joined.id, { email, role: 'member' }, outside);
  return [{ organizationId: joined.id, username: joined.username, slot }];
}

/** Remembers which member somebody at the provider is. */
async function link(
  queries: Queries,
  { organizationId, slot: memberSlot }: OidcMember,
  { person, session, visitor }: { person: OidcPerson; session: NewSession; visitor: Visitor },
  { clock }: SessionOutside,
): Promise<void> {
  const { issuer, subject, email } = person;
  const at = wireTime(clock());
  await insertOidcIdentity(queries, organizationId, { issuer, subject, memberSlot, createdAt: at });
  await deletePassword(queries, organizationId, memberSlot);
  await recordAudit(queries, organizationId, {
    at,
    actor: { memberSlot, credential: session.token, address: visitor.address },
    action: 'member.linked',
    subject: { kind: 'member', name: email ?? null },
    detail: { issuer },
  });
}
