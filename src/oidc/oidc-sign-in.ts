import { recordAudit } from '../audit/audit-log-store.ts';
import { wireTime } from '../clock.ts';
import type { EmailTrust } from '../config.ts';
import { type Database, requireEveryNode, type Store } from '../database/database.ts';
import { holdOrganization } from '../inventory/row-writer.ts';
import { putMember } from '../members/change-members.ts';
import {
  deleteFormerMember,
  findFormerMember,
  findFormerMemberBySlot,
} from '../members/member-store.ts';
import type { Organization } from '../organizations/organization.ts';
import { findOrganization, listOrganizationIds } from '../organizations/organization-store.ts';
import {
  beginSession,
  type NewSession,
  type SessionOutside,
  type Visitor,
} from '../sessions/begin-session.ts';
import {
  deleteOidcIdentities,
  findIdentityOfMember,
  findOidcIdentity,
  findOidcMembers,
  insertOidcIdentity,
  type OidcMember,
} from '../sessions/oidc-identity-store.ts';
import { deletePassword, findSignInCandidates } from '../sessions/password-store.ts';
import { cut, MAX_LENGTH } from '../text.ts';
import { type ClaimedEmail, readClaimedEmail } from './claimed-email.ts';
import type { OidcPerson } from './oidc-provider.ts';

/** Whom the provider may send. */
export type OidcRules = {
  /** The domains that an address may be of; any where there are none. */
  domains: readonly string[];
  /** When the address that the provider sends counts as the person's own. */
  emailTrust: EmailTrust;
  /** The organization that whoever comes becomes a member of. */
  join: string | undefined;
};

/** Why somebody whom the provider knows is not signed in, as their page is told. It does not tell who is a member. */
export type OidcError =
  | NonNullable<ClaimedEmail['refusal']>
  | 'not_a_member'
  | 'several_organizations';

/** The same, and the reason in words for those who run the server. */
export type OidcRefusal = { error: OidcError; reason: string };

/** Somebody who came back from the provider, and where they want to go if they are a member of several organizations. */
export type Arrival = { person: OidcPerson; organization: string | undefined };

type Parts = { database: Database; rules: OidcRules } & SessionOutside;

/**
 * Begins a session for somebody whom the provider vouches for: the member that they were before or, the first time, the
 * one of their address, unless that one is linked to another account of the provider. From then on that member has no
 * password, which would outlive what the provider decides, and is reached by no other account of the provider until an
 * admin unlinks the two.
 */
export async function signInByOidc(
  { database, rules, ...outside }: Parts,
  arrival: Arrival,
  visitor: Visitor,
): Promise<NewSession | OidcRefusal> {
  const claimed = readClaimedEmail(arrival.person.claims, rules);
  // Outside the transaction, which a node that does not respond would end.
  const places = await findPlaces(database, arrival, claimed, rules);
  return database.transaction(async (store) => {
    // Who signs in for the first time in two tabs at once does so in turn.
    for (const { id } of places) await holdOrganization(store, id);
    const found = await findMember(store, arrival, claimed, { places, rules, outside });
    if ('error' in found) {
      requireEveryNode(database);
      const refused = { arrival, claimed, visitor, places };
      await recordRefusal(store, found, refused, outside);
      return found;
    }
    const begun = { memberSlot: found.slot, method: 'oidc', visitor } as const;
    const session = await beginSession(store, found.organizationId, begun, outside);
    await link(store, found, { arrival, claimed, session, visitor }, outside);
    return session;
  });
}

type Place = Pick<Organization, 'id' | 'username'>;

/** The organizations that somebody may be a member of, or become one, in one order for all. */
async function findPlaces(
  store: Store,
  { person }: Arrival,
  claimed: ClaimedEmail,
  { join }: OidcRules,
): Promise<Place[]> {
  const email = claimed.email ?? emailIn(person.claims.email);
  const members = [
    ...(await findOidcMembers(store, person)),
    ...(email === undefined ? [] : await findSignInCandidates(store, email)),
  ];
  const places = new Map(members.map(({ organizationId, username }) => [organizationId, username]));
  const joined = join === undefined ? undefined : await findOrganization(store, join);
  if (joined !== undefined) places.set(joined.id, joined.username);
  return [...places].map(([id, username]) => ({ id, username })).toSorted((a, b) => a.id - b.id);
}

/** The member that somebody is; a new one, or one who comes back, where somebody may join. */
async function findMember(
  store: Store,
  { person, organization }: Arrival,
  claimed: ClaimedEmail,
  {
    places,
    rules: { join },
    outside,
  }: { places: readonly Place[]; rules: OidcRules; outside: SessionOutside },
): Promise<OidcMember | OidcRefusal> {
  const among = places.map(({ id }) => id);
  const isWanted = ({ username }: { username: string }) =>
    organization === undefined || organization === username;
  const known = (await findOidcMembers(store, person, among)).filter(isWanted);
  if (known.length > 0) return onlyOne(known);
  const { email } = claimed;
  if (email === undefined) return { error: claimed.refusal, reason: claimed.reason };
  const candidates = (await findSignInCandidates(store, email, among)).filter(isWanted);
  const free: OidcMember[] = [];
  for (const one of candidates) {
    const { organizationId, slot } = one;
    const identity = await findIdentityOfMember(store, organizationId, slot, person.issuer);
    if (identity === undefined) free.push(one);
  }
  if (free.length > 0) return onlyOne(free);
  if (candidates.length > 0) return LINKED;
  const joined = join === undefined ? undefined : await findOrganization(store, join);
  if (joined === undefined || !isWanted(joined)) return NO_MEMBER;
  return rejoin(store, joined, { person, email }, outside);
}

const NO_MEMBER: OidcRefusal = { error: 'not_a_member', reason: 'No member has this address.' };
const LINKED: OidcRefusal = {
  error: 'not_a_member',
  reason:
    'The member with this address is linked to another account of the provider. An admin can unlink the two.',
};

function onlyOne([first, ...others]: OidcMember[]): OidcMember | OidcRefusal {
  if (first === undefined) return NO_MEMBER;
  if (others.length === 0) return first;
  return {
    error: 'several_organizations',
    reason: 'Several organizations have a member with this address, and none of them was named.',
  };
}

/** Makes somebody a member again who was one, or for the first time. */
async function rejoin(
  store: Store,
  { id: organizationId, username }: Organization,
  { person, email }: { person: OidcPerson; email: string },
  outside: SessionOutside,
): Promise<OidcMember | OidcRefusal> {
  const identity = await findOidcIdentity(store, organizationId, person);
  const former = identity
    ? await findFormerMemberBySlot(store, organizationId, identity.memberSlot)
    : await findFormerMember(store, organizationId, email);
  if (former !== undefined && identity === undefined) {
    const other = await findIdentityOfMember(store, organizationId, former.slot, person.issuer);
    if (other !== undefined) return LINKED;
  }
  const joining = { email: former?.email ?? email, role: 'member' } as const;
  const { slot } = await putMember(store, organizationId, joining, outside);
  return { organizationId, username, slot };
}

type LinkParts = {
  arrival: Arrival;
  claimed: ClaimedEmail;
  session: NewSession;
  visitor: Visitor;
};

/** Remembers which member somebody at the provider is. */
async function link(
  store: Store,
  { organizationId, slot: memberSlot }: OidcMember,
  { arrival: { person }, claimed, session, visitor }: LinkParts,
  { clock }: SessionOutside,
): Promise<void> {
  const { issuer, subject } = person;
  const before = await findOidcIdentity(store, organizationId, person);
  if (before?.memberSlot === memberSlot) return;
  if (before !== undefined) {
    // It was a member's who was removed, and is now the one of another address: what was theirs is nobody else's.
    await deleteOidcIdentities(store, organizationId, before.memberSlot);
    await deleteFormerMember(store, organizationId, before.memberSlot);
  }
  const at = wireTime(clock());
  await insertOidcIdentity(store, organizationId, { issuer, subject, memberSlot, createdAt: at });
  await deletePassword(store, organizationId, memberSlot);
  await recordAudit(store, organizationId, {
    at,
    actor: { memberSlot, credential: session.token, address: visitor.address },
    action: 'member.linked',
    subject: { kind: 'member', name: claimed.email ?? null },
    detail: { issuer, subject },
  });
}

type Refused = {
  arrival: Arrival;
  claimed: ClaimedEmail;
  visitor: Visitor;
  places: readonly Place[];
};

/**
 * Says in the audit log that somebody was refused: in the organizations of a member whom they could be, in the one that
 * they wanted or could have joined, or in the only one there is.
 */
async function recordRefusal(
  store: Store,
  { reason }: OidcRefusal,
  { arrival: { person, organization }, claimed, visitor, places }: Refused,
  { clock }: SessionOutside,
): Promise<void> {
  const { issuer, subject, claims } = person;
  const email = claimed.email ?? emailIn(claims.email);
  const concerned = new Set(places.map(({ id }) => id));
  const wanted = organization && (await findOrganization(store, organization));
  if (wanted) concerned.add(wanted.id);
  if (concerned.size === 0) {
    const [only, ...others] = await listOrganizationIds(store);
    if (only !== undefined && others.length === 0) concerned.add(only);
  }
  for (const organizationId of [...concerned].toSorted((a, b) => a - b)) {
    await recordAudit(store, organizationId, {
      at: wireTime(clock()),
      actor: { memberSlot: null, credential: null, address: visitor.address },
      action: 'session.refused',
      subject: { kind: 'member', name: email ?? null },
      detail: { method: 'oidc', issuer, subject, reason },
    });
  }
}

/** An address as it may be looked for, though it does not count. */
function emailIn(claim: unknown): string | undefined {
  return typeof claim === 'string' ? cut(claim.trim().toLowerCase(), MAX_LENGTH.email) : undefined;
}
