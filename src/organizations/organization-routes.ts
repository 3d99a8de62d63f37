import type { FastifyInstance } from 'fastify';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { halResponse } from '../http/hal.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { OrganizationAccount, toVerification, Verification } from './organization-schema.ts';

/** `GET /api/verify`, with which clients try a credential. */
export function addOrganizationRoutes(
  app: FastifyInstance,
  { authentication }: { authentication: Authentication },
): void {
  app.addSchema(Verification);
  app.addSchema(OrganizationAccount);
  const { members } = admit(app, authentication);
  const common = { tag: 'Organization', admits: members };

  route(app, 'GET', '/api/verify', {
    ...common,
    operationId: 'verifyCredential',
    summary: 'Verify a credential',
    description: 'Returns the organization and the scope of an API token.',
    answers: { 200: halResponse('The credential is valid.', reference(Verification)) },
    handler: async (request) => {
      const { organization, member, token } = callerOf(request);
      const scope = member?.role === 'admin' ? 'workspace' : 'member';
      return toVerification(organization, scope, request.headers.authorization && token);
    },
  });
}
