import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Authentication, authenticateMember, type Caller } from './authenticate.ts';
import { ownOrganization, requireAdmin } from './authorize.ts';

type Hook = (request: FastifyRequest) => Promise<void>;

/**
 * Who may call the routes of an organization in the REST API: its members, or its admins alone. A route takes one of
 * these as its `onRequest`, so that others are told so before anything of the body is read.
 */
export function admit(
  app: FastifyInstance,
  authentication: Authentication,
): { members: Hook; admins: Hook } {
  if (!app.hasRequestDecorator('caller')) app.decorateRequest('caller');
  const members: Hook = async (request) => {
    const caller = await authenticateMember(authentication, request);
    const { organization } = request.params as { organization?: string };
    if (organization !== undefined) ownOrganization(caller, organization);
    request.setDecorator<Caller>('caller', caller);
  };
  const admins: Hook = async (request) => {
    await members(request);
    requireAdmin(callerOf(request));
  };
  return { members, admins };
}

/** Who was admitted. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>('caller');
}
