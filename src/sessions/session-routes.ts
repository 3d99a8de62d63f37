import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BackgroundWork } from '../background-work.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { requireOwnPage } from '../callers/request-origin.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type Admission, anybody, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { NewBrowserSession, SessionOutside } from './begin-session.ts';
import { hashSessionId } from './session-holders.ts';
import { LinkSignIn, PasswordSignIn, SessionState, sessionSchemas } from './session-schema.ts';
import { describeState } from './session-state.ts';
import { findSessionHolder } from './session-store.ts';
import { signIn } from './sign-in.ts';
import { useSignInLink } from './use-sign-in-link.ts';
import { findSession, sendBrowser, sendSession, visitorOf } from './visitor.ts';

export type SessionParts = {
  database: Database;
  authentication: Authentication;
  background: BackgroundWork;
  /** The OpenID provider, where one is configured. */
  issuer: string | undefined;
  /** Why nothing can be changed now, if so. */
  readOnly: string | undefined;
  metrics: { signInRefused(by: 'password' | 'link' | 'oidc'): void };
} & SessionOutside;

/** `/api/session`: who is signed in, and signing in. */
export function addSessionRoutes(app: FastifyInstance, parts: SessionParts): void {
  const { database, limits, metrics } = parts;
  const { sessionHolders } = parts.authentication;
  const { publicUrl } = sessionHolders;
  for (const schema of sessionSchemas) app.addSchema(schema);

  const ownPages: Admission = {
    onRequest: async (request) => requireOwnPage(request, publicUrl),
    security: [],
    refuses: ['bad_request', 'forbidden'],
  };

  async function counted<Result>(
    by: 'password' | 'link',
    trying: Promise<Result>,
  ): Promise<Result> {
    try {
      return await trying;
    } catch (error) {
      if (error instanceof ApiError) metrics.signInRefused(by);
      throw error;
    }
  }

  async function sendState(
    request: FastifyRequest,
    reply: FastifyReply,
    session: NewBrowserSession,
  ) {
    sendSession(sessionHolders, limits, { request, reply, session });
    sendBrowser(sessionHolders, { request, reply, browser: session.browser });
    const holder = await findSessionHolder(database, hashSessionId(session.id));
    return describeState(database, parts, holder);
  }

  route(app, 'GET', '/api/session', {
    tag: 'Session',
    admits: anybody,
    operationId: 'getSession',
    summary: 'Get the session',
    description: 'The signed-in member, if any, and the available ways to sign in.',
    answers: { 200: reference(SessionState, { description: 'The session, or none.' }) },
    refuses: ['bad_request'],
    handler: async (request) =>
      describeState(database, parts, await findSession(sessionHolders, request)),
  });

  route(app, 'POST', '/api/session', {
    tag: 'Session',
    admits: ownPages,
    operationId: 'signIn',
    summary: 'Sign in with email and password',
    description:
      'Creates a session, whose cookie is in the response, and ends the previous one. Failed sign-ins are counted for ' +
      '15 minutes, with limits of 10 per email and address, 30 per address and 100 per email; in a browser ' +
      'that has signed in with the email before, 10 counted separately.',
    bodyLimit: BODY_LIMITS.signIn,
    body: reference(PasswordSignIn),
    answers: { 200: reference(SessionState, { description: 'The new session.' }) },
    refuses: ['unauthorized', 'conflict', 'too_many_requests'],
    handler: async (request, reply) => {
      const visitor = await visitorOf(sessionHolders, request);
      return sendState(
        request,
        reply,
        await counted('password', signIn(parts, request.body, visitor)),
      );
    },
  });

  route(app, 'POST', '/api/session/link', {
    tag: 'Session',
    admits: ownPages,
    operationId: 'useSignInLink',
    summary: 'Sign in with a link',
    description:
      'Creates a session, and sets the member’s password if one is given. The link cannot be used again.',
    bodyLimit: BODY_LIMITS.signIn,
    body: reference(LinkSignIn),
    answers: { 200: reference(SessionState, { description: 'The new session.' }) },
    refuses: ['unauthorized', 'conflict'],
    handler: async (request, reply) => {
      const { link, password } = request.body;
      const visitor = await visitorOf(sessionHolders, request);
      const using = useSignInLink(parts, { secret: link, password }, visitor);
      const session = await counted('link', using);
      return sendState(request, reply, session);
    },
  });
}
