import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { errorResponses } from '../http/error-response.ts';
import { HAL, halResponse } from '../http/hal.ts';
import type { HttpServer } from '../http/http-server.ts';
import { OrganizationPath } from '../http/path-parameters.ts';
import { reference } from '../http/schema-reference.ts';
import {
  OrganizationAccount,
  toOrganizationAccount,
  toVerification,
  Verification,
} from './organization-schema.ts';

const common = { tags: ['Organization'], security: [{ apiToken: [] }] };

/** `GET /api/verify`, with which clients try a credential, and `GET /api/{organization}`, where the REST API begins. */
export function addOrganizationRoutes(
  app: HttpServer,
  { authentication }: { authentication: Authentication },
): void {
  app.addSchema(Verification);
  app.addSchema(OrganizationAccount);
  const { members: onRequest } = admit(app, authentication);

  app.get(
    '/api/verify',
    {
      schema: {
        ...common,
        operationId: 'verifyCredential',
        summary: 'Try a credential',
        description: 'Says which organization an API token belongs to, and what it may do there.',
        response: {
          200: halResponse('The credential is valid.', reference(Verification)),
          ...errorResponses('unauthorized'),
        },
      },
      onRequest,
    },
    async (request, reply) => {
      const { organization, member } = callerOf(request);
      const scope = member?.role === 'admin' ? 'workspace' : 'member';
      return reply.type(HAL).send(toVerification(organization, scope));
    },
  );

  app.get(
    '/api/:organization',
    {
      schema: {
        ...common,
        operationId: 'getOrganization',
        summary: 'Get the organization',
        description: 'The organization, with links to all that it has.',
        params: OrganizationPath,
        response: {
          200: halResponse('The organization.', reference(OrganizationAccount)),
          ...errorResponses('bad_request', 'unauthorized', 'not_found'),
        },
      },
      onRequest,
    },
    async (request, reply) =>
      reply.type(HAL).send(toOrganizationAccount(callerOf(request).organization)),
  );
}
