import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Admission } from '../http/route.ts';
import { type Authentication, authenticateMember, type Caller } from './authenticate.ts';
import { ownOrganization, requireAdmin } from './authorize.ts';

/**
 * Who may call the routes of an organization in the REST API: its members, or its admins alone. Others are told so before
 * anything of the body is read. What an access token opens, the session of a member opens too.
 */
export function admit(
  app: FastifyInstance,
  authentication: Authentication,
): { members: Admission; admins: Admission } {
  if (!app.hasRequestDecorator('caller')) app.decorateRequest('caller');
  const admitMember = async (request: FastifyRequest) => {
    const caller = await authenticateMember(authentication, request);
    const { organization } = request.params as { organization?: string };
    // Signature tokens are a part of the Discovery API.
    const message = request.url.startsWith('/api/') ? 'account not found' : undefined;
    if (organization !== undefined) ownOrganization(caller, organization, message);
    request.setDecorator<Caller>('caller', caller);
  };
  const admitAdmin = async (request: FastifyRequest) => {
    await admitMember(request);
    requireAdmin(callerOf(request));
  };
  const refuses = ['bad_request', 'unauthorized', 'forbidden'] as const;
  return {
    members: { onRequest: admitMember, security: [{ apiToken: [] }, { session: [] }], refuses },
    admins: { onRequest: admitAdmin, security: [{ adminApiToken: [] }, { session: [] }], refuses },
  };
}

/** Those who read the Discovery API. Its routes find the reader themselves: see authenticateReader. */
export const readers: Admission = {
  security: [{ signatureToken: [] }, { session: [] }],
  refuses: ['bad_request', 'unauthorized', 'forbidden'],
};

/** Who was admitted. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>('caller');
}
