import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BackgroundWork } from '../background-work.ts';
import { type Authentication, authenticateSession } from '../callers/authenticate.ts';
import { requireOwnPage } from '../callers/request-origin.ts';
import type { Database } from '../database/database.ts';
import { errorResponses } from '../http/error-response.ts';
import type { HttpServer } from '../http/http-server.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { reference } from '../http/schema-reference.ts';
import type { NewSession, SessionOutside } from './begin-session.ts';
import { endSession } from './end-sessions.ts';
import { hashSessionId } from './session-holders.ts';
import { LinkSignIn, PasswordSignIn, SessionState, sessionSchemas } from './session-schema.ts';
import { describeState } from './session-state.ts';
import { findSessionHolder } from './session-store.ts';
import { signIn } from './sign-in.ts';
import { useSignInLink } from './use-sign-in-link.ts';
import { findSession, sendSession, takeSession, visitorOf } from './visitor.ts';

export type SessionParts = {
  database: Database;
  authentication: Authentication;
  background: BackgroundWork;
  /** The OpenID provider, where one is configured. */
  issuer: string | undefined;
} & SessionOutside;

const refusals = errorResponses(
  'bad_request',
  'forbidden',
  'payload_too_large',
  'unsupported_media_type',
);

/** `/api/session`: who is signed in, signing in and signing out. */
export function addSessionRoutes(app: HttpServer, parts: SessionParts): void {
  const { database, authentication, issuer, limits } = parts;
  const { sessionHolders } = authentication;
  const { publicUrl } = sessionHolders;
  for (const schema of sessionSchemas) app.addSchema(schema);

  /** Told before anything of the body is read. */
  const admitOwnPages = async (request: FastifyRequest) => requireOwnPage(request, publicUrl);

  async function sendState(request: FastifyRequest, reply: FastifyReply, session: NewSession) {
    sendSession(sessionHolders, limits, { request, reply, session });
    const holder = await findSessionHolder(database, hashSessionId(session.id));
    return describeState(database, issuer, holder);
  }

  app.get(
    '/api/session',
    {
      schema: {
        operationId: 'getSession',
        tags: ['Session'],
        summary: 'Get the session',
        description: 'Who is signed in, if anybody is, and how one can sign in.',
        response: {
          200: reference(SessionState, { description: 'The session, or none.' }),
          ...errorResponses('bad_request'),
        },
        security: [],
      },
    },
    async (request) => describeState(database, issuer, await findSession(sessionHolders, request)),
  );

  app.post(
    '/api/session',
    {
      bodyLimit: BODY_LIMITS.signIn,
      schema: {
        operationId: 'signIn',
        tags: ['Session'],
        summary: 'Sign in by email and password',
        description:
          'Begins a session, which the answer’s cookie holds, and ends the one there was. After ten sign-ins that failed for ' +
          'an email, or thirty from an address, within a quarter of an hour no more are tried until it is over.',
        body: reference(PasswordSignIn),
        response: {
          200: reference(SessionState, { description: 'The new session.' }),
          ...refusals,
          ...errorResponses('unauthorized', 'conflict', 'too_many_requests'),
        },
        security: [],
      },
      onRequest: admitOwnPages,
    },
    async (request, reply) => {
      const visitor = await visitorOf(sessionHolders, request);
      return sendState(request, reply, await signIn(parts, request.body, visitor));
    },
  );

  app.post(
    '/api/session/link',
    {
      bodyLimit: BODY_LIMITS.signIn,
      schema: {
        operationId: 'useSignInLink',
        tags: ['Session'],
        summary: 'Sign in by a link',
        description:
          'Begins a session, and sets the member’s password where one is given. The link is used up by it.',
        body: reference(LinkSignIn),
        response: {
          200: reference(SessionState, { description: 'The new session.' }),
          ...refusals,
          ...errorResponses('unauthorized', 'conflict'),
        },
        security: [],
      },
      onRequest: admitOwnPages,
    },
    async (request, reply) => {
      const { link, password } = request.body;
      const visitor = await visitorOf(sessionHolders, request);
      const session = await useSignInLink(parts, { secret: link, password }, visitor);
      return sendState(request, reply, session);
    },
  );

  app.delete(
    '/api/session',
    {
      schema: {
        operationId: 'signOut',
        tags: ['Session'],
        summary: 'Sign out',
        description: 'Ends the session.',
        response: {
          200: reference(SessionState, { description: 'There is no session any more.' }),
          ...errorResponses('bad_request', 'unauthorized', 'forbidden'),
        },
        security: [{ session: [] }],
      },
    },
    async (request, reply) => {
      const caller = await authenticateSession(authentication, request);
      await endSession(parts, { caller, request, token: caller.token });
      takeSession(sessionHolders, request, reply);
      return describeState(database, issuer, undefined);
    },
  );
}
