import type { FastifyInstance } from 'fastify';
import { ApiKey, toAccessToken } from '../access-tokens/access-token-schema.ts';
import { findAccessToken } from '../access-tokens/access-token-store.ts';
import { isTokenFor, noAccessToken } from '../access-tokens/token-reach.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import type { Database } from '../database/database.ts';
import { halResponse } from '../http/hal.ts';
import { tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { findListedMembers } from './listed-members.ts';
import { memberPath } from './member-schema.ts';

/** `/api/{organization}/api_keys/{token}`: from a credential, to which `/api/verify` leads, to the member whose it is. */
export function addApiKeyRoutes(
  app: FastifyInstance,
  { database, authentication }: { database: Database; authentication: Authentication },
): void {
  app.addSchema(ApiKey);
  route(app, 'GET', '/api/:organization/api_keys/:token', {
    tag: 'Access tokens',
    admits: admit(app, authentication).members,
    operationId: 'getApiKey',
    summary: 'Get an API token in Mode’s format',
    description:
      'Identifies the member of an API token. Admins can get the tokens of every member.',
    params: tokenPath('Public part of the API token.', '5b89bf4b0a49'),
    answers: { 200: halResponse('The API token.', reference(ApiKey)) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const { token } = request.params;
      const found = await findAccessToken(database, organization.id, 'api', token);
      if (found === undefined || !isTokenFor(caller, found)) throw noAccessToken();
      const slots = found.memberSlot === null ? [] : [found.memberSlot];
      const [member] = await findListedMembers(database, organization.id, slots);
      const account = `/api/${organization.username}`;
      return {
        ...toAccessToken(found),
        _links: {
          self: { href: `${account}/api_keys/${found.token}` },
          account: { href: account },
          ...(member && { member: { href: memberPath(organization, member.token) } }),
        },
      };
    },
  });
}
