import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import type { Actor } from '../audit/audit-log-store.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Clock } from '../clock.ts';
import type { Database, Store } from '../database/database.ts';
import { ApiError, UserError } from '../errors.ts';
import { halResponse, requireChange } from '../http/hal.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { linkUrl, makeSignInLink } from '../sessions/make-sign-in-link.ts';
import { ownUrl } from '../sessions/own-url.ts';
import { putMember } from './change-members.ts';
import { getAccount } from './get-account.ts';
import {
  Invitation,
  invitationSchemas,
  MembershipChange,
  NewInvitation,
} from './invitation-schema.ts';
import { findListedMembers, type ListedMember } from './listed-members.ts';
import { type Member, normalizeEmail } from './member.ts';
import { Membership, toMembership } from './member-schema.ts';
import { findMember, hasOtherAdmin } from './member-store.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  identifiers: Identifiers;
  /** For how many hours a sign-in link is good. */
  linkHours: number;
  /** Removes a member and stops what runs in the member's name, within a transaction. */
  removeMemberIn: (
    store: Store,
    organizationId: number,
    member: Member,
    removal: { clock: Clock; by: Actor },
  ) => Promise<number>;
};

const MemberPath = tokenPath('Token of the membership.', '8d1f2b7c3a55');
/** What admins do about who belongs to their organization. */
export function addChangeMemberRoutes(
  app: FastifyInstance,
  { database, authentication, clock, identifiers, linkHours, removeMemberIn }: Parts,
): void {
  for (const schema of invitationSchemas) app.addSchema(schema);
  const { admins } = admit(app, authentication);
  const common = { tag: 'Members', admits: admins };
  const { publicUrl } = authentication.sessionHolders;
  const by = (request: FastifyRequest) => actorOf(callerOf(request), request);

  /** Makes a link within a transaction; answers it with whom it is for. */
  async function invite(store: Store, request: FastifyRequest, member: Member) {
    const { organization } = callerOf(request);
    const given = { member, hours: linkHours, by: by(request) };
    const link = await makeSignInLink(store, organization.id, given, { clock, identifiers });
    const [listed] = await findListedMembers(store, organization.id, [member.slot]);
    return {
      token: (listed as ListedMember).token,
      email: member.email,
      role: member.role,
      link: linkUrl(ownUrl(request, publicUrl), link),
      expires_at: link.expiresAt,
    };
  }

  route(app, 'POST', '/api/:organization/invitations', {
    ...common,
    operationId: 'createInvitation',
    summary: 'Invite a member',
    description:
      'Adds a member, and creates a link that signs the member in once and offers to set a password. This response is the only ' +
      'one with the link; Rollcall sends no email.',
    params: OrganizationPath,
    body: reference(NewInvitation),
    answers: { 200: reference(Invitation, { description: 'The member and the link.' }) },
    refuses: ['conflict'],
    handler: async (request) => {
      const { organization } = callerOf(request);
      const { email: given, role = 'member' } = request.body.invitation;
      const email = emailOf(given);
      return database.transaction(async (store) => {
        if (await findMember(store, organization.id, email)) {
          throw new ApiError(
            'conflict',
            `${email} is a member already.`,
            'Create a sign-in link for the membership instead.',
          );
        }
        const outside = { clock, identifiers, by: by(request) };
        const member = await putMember(store, organization.id, { email, role }, outside);
        return invite(store, request, member);
      });
    },
  });

  route(app, 'POST', '/api/:organization/memberships/:token/sign_in_links', {
    ...common,
    operationId: 'createSignInLink',
    summary: 'Create a sign-in link',
    description:
      'Creates a link that signs a member in once and offers to set a password, for example after a forgotten one. This response is the ' +
      'only one with the link.',
    params: MemberPath,
    answers: { 200: reference(Invitation, { description: 'The member and the link.' }) },
    refuses: ['conflict'],
    handler: async (request) =>
      database.transaction(async (store) => {
        const { organization } = callerOf(request);
        const member = await getAccount(store, organization.id, request.params.token);
        return invite(store, request, member);
      }),
  });

  route(app, 'PATCH', '/api/:organization/memberships/:token', {
    ...common,
    operationId: 'changeMembership',
    summary: 'Change a member’s role',
    description: 'The last admin cannot lose the role.',
    params: MemberPath,
    body: reference(MembershipChange),
    answers: { 200: halResponse('The changed membership.', reference(Membership)) },
    refuses: ['conflict'],
    handler: async (request, reply) => {
      const { organization } = callerOf(request);
      const { membership } = request.body;
      requireChange(reply, membership, ['role']);
      const [changed] = await database.transaction(async (store) => {
        const member = await getAccount(store, organization.id, request.params.token);
        const { role = member.role } = membership;
        if (role !== 'admin') await requireAnotherAdmin(store, organization.id, member);
        const outside = { clock, identifiers, by: by(request) };
        await putMember(store, organization.id, { email: member.email, role }, outside);
        return findListedMembers(store, organization.id, [member.slot]);
      });
      return toMembership(organization, changed as ListedMember);
    },
  });

  route(app, 'DELETE', '/api/:organization/memberships/:token', {
    ...common,
    operationId: 'deleteMembership',
    summary: 'Remove a member',
    description:
      'Ends the member’s sessions, revokes the member’s tokens, stops the member’s schedules, and removes the ' +
      'member from the list. What the member created is kept, and belongs to the member again if the same address is invited. ' +
      'The last admin cannot be removed.',
    params: MemberPath,
    answers: { 200: halResponse('The removed membership.', reference(Membership)) },
    refuses: ['conflict'],
    handler: async (request) => {
      const { organization } = callerOf(request);
      const [removed] = await database.transaction(async (store) => {
        const member = await getAccount(store, organization.id, request.params.token);
        await requireAnotherAdmin(store, organization.id, member);
        const before = await findListedMembers(store, organization.id, [member.slot]);
        await removeMemberIn(store, organization.id, member, { clock, by: by(request) });
        return before;
      });
      return toMembership(organization, removed as ListedMember);
    },
  });
}

/** @throws ApiError conflict where the member is the last admin. */
async function requireAnotherAdmin(
  store: Store,
  organizationId: number,
  { slot, role, email }: Member,
): Promise<void> {
  if (role !== 'admin' || (await hasOtherAdmin(store, organizationId, slot))) return;
  throw new ApiError(
    'conflict',
    `${email} is the last admin, and an organization needs one.`,
    'Make another member an admin first.',
  );
}

function emailOf(given: string): string {
  try {
    return normalizeEmail(given);
  } catch (error) {
    if (error instanceof UserError) throw new ApiError('bad_request', error.message);
    throw error;
  }
}
