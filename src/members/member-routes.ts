import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication, Caller } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { halResponse, wholeList } from '../http/hal.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import {
  OrganizationAccount,
  toOrganizationAccount,
} from '../organizations/organization-schema.ts';
import { findCreatedAt } from '../organizations/organization-store.ts';
import {
  findListedMember,
  findListedMembers,
  type ListedMember,
  listListedMembers,
} from './listed-members.ts';
import {
  Member,
  Membership,
  Memberships,
  memberSchemas,
  ShortMemberships,
  toMember,
  toMembership,
  toShortMembership,
} from './member-schema.ts';

const MemberPath = tokenPath('Token of the membership.', '8d1f2b7c3a55');

/** The people of an organization: who calls, the memberships, and each member as a person. */
export function addMemberRoutes(
  app: FastifyInstance,
  {
    database,
    authentication,
    resultBytes,
  }: { database: Database; authentication: Authentication; resultBytes: number },
): void {
  for (const schema of memberSchemas) app.addSchema(schema);
  const { members } = admit(app, authentication);
  const common = { tag: 'Members', admits: members };

  async function getMember({ organization }: Caller, token: string): Promise<ListedMember> {
    const found = await findListedMember(database, organization.id, token);
    if (found) return found;
    throw new ApiError(
      'not_found',
      'member not found',
      'The member may have been removed. List the members.',
    );
  }

  route(app, 'GET', '/api/account', {
    ...common,
    operationId: 'getAccount',
    summary: 'Get the current member',
    description: 'The member whose API token is used.',
    answers: { 200: halResponse('The member.', reference(Member)) },
    handler: async (request) => {
      const { organization, member } = callerOf(request);
      const [listed] = await findListedMembers(
        database,
        organization.id,
        member ? [member.slot] : [],
      );
      if (listed === undefined) {
        throw new ApiError('bad_request', 'This API token does not belong to a member.');
      }
      return toMember(organization, listed, resultBytes);
    },
  });

  route(app, 'GET', '/api/:account', {
    tag: 'Organization',
    admits: members,
    operationId: 'getOrganization',
    summary: 'Get the organization, or a member by username',
    description:
      'The organization, with links to its resources. Any other name is the username of a member: in Mode, people and ' +
      'organizations share a namespace.',
    params: Type.Object({
      account: Type.String({
        description: 'Username of the organization, or of a member.',
        examples: ['acme'],
      }),
    }),
    answers: {
      200: halResponse(
        'The organization or the person.',
        Type.Union([reference(OrganizationAccount), reference(Member)]),
      ),
    },
    handler: async (request) => {
      const { account } = request.params;
      const { organization } = callerOf(request);
      if (account === organization.username) {
        const createdAt = await findCreatedAt(database, organization.id);
        return toOrganizationAccount(organization, { createdAt, resultBytes });
      }
      const listed = await listListedMembers(database, organization.id);
      const named = listed.filter(({ username }) => username === account);
      const found = named.find(({ role }) => role !== null) ?? named[0];
      if (found) return toMember(organization, found, resultBytes);
      throw new ApiError(
        'not_found',
        'account not found',
        'Check the organization in the path, and that the token belongs to it.',
      );
    },
  });

  route(app, 'GET', '/api/:organization/members/:token', {
    ...common,
    operationId: 'getMember',
    summary: 'Get a member’s user',
    description:
      'What the links `user` of a membership and `creator` of other resources return. Removed members are not found.',
    params: MemberPath,
    answers: { 200: halResponse('The person.', reference(Member)) },
    handler: async (request) => {
      const caller = callerOf(request);
      const member = await getMember(caller, request.params.token);
      return toMember(caller.organization, member, resultBytes);
    },
  });

  route(app, 'GET', '/api/:organization/memberships', {
    ...common,
    operationId: 'listMemberships',
    summary: 'List memberships',
    description: 'Every membership of the organization, oldest first. The list is not paged.',
    params: OrganizationPath,
    answers: { 200: halResponse('The memberships.', Memberships) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const members = await listListedMembers(database, organization.id);
      const shown = members.map((member) => toMembership(organization, member));
      const path = `/api/${organization.username}/memberships`;
      return wholeList('memberships', path, shown);
    },
  });

  route(app, 'GET', '/api/:organization/memberships/lite', {
    ...common,
    operationId: 'listShortMemberships',
    summary: 'List members',
    description:
      'Every member of the organization, with email address and name. The list is not paged.',
    params: OrganizationPath,
    answers: { 200: halResponse('The memberships.', ShortMemberships) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const members = await listListedMembers(database, organization.id);
      const path = `/api/${organization.username}/memberships/lite`;
      return wholeList('memberships', path, members.map(toShortMembership));
    },
  });

  route(app, 'GET', '/api/:organization/memberships/:token', {
    ...common,
    operationId: 'getMembership',
    summary: 'Get a membership',
    description: 'Membership of one person in the organization.',
    params: MemberPath,
    answers: { 200: halResponse('The membership.', reference(Membership)) },
    handler: async (request) => {
      const caller = callerOf(request);
      const member = await getMember(caller, request.params.token);
      return toMembership(caller.organization, member);
    },
  });
}
