import type { FastifyInstance } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import { recordAudit } from '../audit/audit-log-store.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { halResponse } from '../http/hal.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { holdOrganization } from '../inventory/row-writer.ts';
import { deleteOidcIdentities, listOidcIdentities } from '../sessions/oidc-identity-store.ts';
import { deleteSessionsOfMember } from '../sessions/session-store.ts';
import { getAccount } from './get-account.ts';
import { Identities } from './identity-schema.ts';
import { findListedMembers, type ListedMember } from './listed-members.ts';
import { Membership, toMembership } from './member-schema.ts';

type Parts = { database: Database; authentication: Authentication; clock: Clock };

const MemberPath = tokenPath('Token of the membership.', '8d1f2b7c3a55');

/** Which accounts at OpenID providers the members are linked to, and unlinking them. */
export function addIdentityRoutes(
  app: FastifyInstance,
  { database, authentication, clock }: Parts,
): void {
  app.addSchema(Identities);
  const { admins } = admit(app, authentication);
  const common = { tag: 'Members', admits: admins };

  route(app, 'GET', '/api/:organization/identities', {
    ...common,
    operationId: 'listIdentities',
    summary: 'List linked accounts',
    description:
      'Accounts at the OpenID provider that are linked to members. No other account of the provider can sign in as ' +
      'the member. The list is not paged.',
    params: OrganizationPath,
    answers: { 200: reference(Identities, { description: 'The accounts.' }) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const identities = await listOidcIdentities(database, organization.id);
      const slots = [...new Set(identities.map(({ memberSlot }) => memberSlot))];
      const members = await findListedMembers(database, organization.id, slots);
      const tokens = new Map(members.map(({ slot, token }) => [slot, token]));
      return {
        identities: identities.flatMap(({ memberSlot, issuer, subject, createdAt }) => {
          const membership = tokens.get(memberSlot);
          return membership === undefined
            ? []
            : [{ membership, issuer, subject, linked_at: createdAt }];
        }),
      };
    },
  });

  route(app, 'DELETE', '/api/:organization/memberships/:token/identities', {
    ...common,
    operationId: 'unlinkMember',
    summary: 'Unlink a member’s account',
    description:
      'Ends the sessions of the member. The next account of the provider with the member’s address ' +
      'is linked instead. API tokens stay valid.',
    params: MemberPath,
    answers: { 200: halResponse('The membership.', reference(Membership)) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const [listed] = await database.transaction(async (store) => {
        await holdOrganization(store, organization.id);
        const member = await getAccount(store, organization.id, request.params.token);
        const unlinked = await deleteOidcIdentities(store, organization.id, member.slot);
        if (unlinked > 0) {
          const ended = await deleteSessionsOfMember(store, organization.id, member.slot);
          await recordAudit(store, organization.id, {
            at: wireTime(clock()),
            actor: actorOf(caller, request),
            action: 'member.unlinked',
            subject: { kind: 'member', token: request.params.token, name: member.email },
            detail: { ended_sessions: ended },
          });
        }
        return findListedMembers(store, organization.id, [member.slot]);
      });
      return toMembership(organization, listed as ListedMember);
    },
  });
}
