import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication, Caller } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse, wholeList } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { reference } from '../http/schema-reference.ts';
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

const common = { tags: ['Members'], security: [{ apiToken: [] }] };
const refusals = errorResponses('bad_request', 'unauthorized', 'not_found');

/** The people of an organization: who calls, the memberships, and each member as a person. */
export function addMemberRoutes(
  app: HttpServer,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  for (const schema of memberSchemas) app.addSchema(schema);
  const { members: onRequest } = admit(app, authentication);

  async function getMember({ organization }: Caller, token: string): Promise<ListedMember> {
    const found = await findListedMember(database, organization.id, token);
    if (found) return found;
    throw new ApiError(
      'not_found',
      'Member not found.',
      'The member may have been removed; the list of memberships shows who is there.',
    );
  }

  app.get(
    '/api/account',
    {
      schema: {
        ...common,
        operationId: 'getAccount',
        summary: 'Get who calls',
        description: 'The member to whom the API token belongs.',
        response: {
          200: halResponse('The member.', reference(Member)),
          ...errorResponses('bad_request', 'unauthorized'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization, member } = callerOf(request);
      const [listed] = await findListedMembers(
        database,
        organization.id,
        member ? [member.slot] : [],
      );
      if (listed === undefined) {
        throw new ApiError('bad_request', 'This API token belongs to no member.');
      }
      return reply.type(HAL).send(toMember(organization, listed));
    },
  );

  app.get(
    '/api/:organization/members/:token',
    {
      schema: {
        ...common,
        operationId: 'getMember',
        summary: 'Get a member as a person',
        description:
          'What the links `user` of a membership and `creator` of a thing lead to. Members who were removed are not there.',
        params: MemberPath,
        response: { 200: halResponse('The person.', reference(Member)), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const member = await getMember(caller, request.params.token);
      return reply.type(HAL).send(toMember(caller.organization, member));
    },
  );

  app.get(
    '/api/:organization/memberships',
    {
      schema: {
        ...common,
        operationId: 'listMemberships',
        summary: 'List memberships',
        description: 'Everybody in the organization, oldest first. The whole list is one page.',
        params: OrganizationPath,
        response: { 200: halResponse('The memberships.', Memberships), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const members = await listListedMembers(database, organization.id);
      const shown = members.map((member) => toMembership(organization, member));
      const path = `/api/${organization.username}/memberships`;
      return reply.type(HAL).send(wholeList('memberships', path, shown));
    },
  );

  app.get(
    '/api/:organization/memberships/lite',
    {
      schema: {
        ...common,
        operationId: 'listShortMemberships',
        summary: 'List memberships in short',
        description: 'Everybody in the organization with address and name. The list is one page.',
        params: OrganizationPath,
        response: { 200: halResponse('The memberships.', ShortMemberships), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization } = callerOf(request);
      const members = await listListedMembers(database, organization.id);
      const path = `/api/${organization.username}/memberships/lite`;
      return reply.type(HAL).send(wholeList('memberships', path, members.map(toShortMembership)));
    },
  );

  app.get(
    '/api/:organization/memberships/:token',
    {
      schema: {
        ...common,
        operationId: 'getMembership',
        summary: 'Get a membership',
        description: 'That one person belongs to the organization.',
        params: MemberPath,
        response: { 200: halResponse('The membership.', reference(Membership)), ...refusals },
      },
      onRequest,
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const member = await getMember(caller, request.params.token);
      return reply.type(HAL).send(toMembership(caller.organization, member));
    },
  );
}
