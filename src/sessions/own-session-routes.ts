import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { authenticateSession, type SessionCaller } from '../callers/authenticate.ts';
import { DAY_MS, wireTime } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { BODY_LIMITS } from '../http/request-bodies.ts';
import { type Admission, route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import { changePassword } from './change-password.ts';
import { endAllSessions, endSession } from './end-sessions.ts';
import type { SessionParts } from './session-routes.ts';
import { ListedSessions, PasswordChange, SessionState } from './session-schema.ts';
import { describeState } from './session-state.ts';
import { listSessions } from './session-store.ts';
import { findSession, takeSession } from './visitor.ts';

/** What members do about their own sessions and password. */
export function addOwnSessionRoutes(app: FastifyInstance, parts: SessionParts): void {
  const { database, authentication, clock, limits } = parts;
  const { sessionHolders } = authentication;

  const admits: Admission = {
    onRequest: async (request) => {
      const caller = await authenticateSession(authentication, request);
      request.setDecorator<SessionCaller>('sessionCaller', caller);
    },
    security: [{ session: [] }],
    refuses: ['bad_request', 'unauthorized', 'forbidden'],
  };
  app.decorateRequest('sessionCaller');
  const common = { tag: 'Session', admits };
  const callerOf = (request: FastifyRequest) =>
    request.getDecorator<SessionCaller>('sessionCaller');

  async function list(caller: SessionCaller) {
    const nowMs = clock();
    const { organization, member } = caller;
    const sessions = await listSessions(database, organization.id, member.slot, {
      now: wireTime(nowMs),
      idleSince: wireTime(nowMs - limits.idleDays * DAY_MS),
    });
    return {
      sessions: sessions.map((session) => ({
        token: session.token,
        created_at: session.createdAt,
        last_seen_at: session.lastSeenAt,
        expires_at: session.expiresAt,
        current: session.token === caller.token,
        user_agent: session.userAgent,
        address: session.address,
      })),
    };
  }

  route(app, 'DELETE', '/api/session', {
    ...common,
    operationId: 'signOut',
    summary: 'Sign out',
    description: 'Ends the session.',
    answers: { 200: reference(SessionState, { description: 'There is no session.' }) },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      await endSession(parts, { caller, request, token: caller.token });
      takeSession(sessionHolders, request, reply);
      return describeState(database, parts, undefined);
    },
  });

  route(app, 'POST', '/api/session/password', {
    ...common,
    operationId: 'changePassword',
    summary: 'Change the password',
    description:
      'Changes the password of the signed-in member, and ends every other session. After a forgotten password, ' +
      'use a sign-in link instead.',
    bodyLimit: BODY_LIMITS.signIn,
    body: reference(PasswordChange),
    answers: { 200: reference(SessionState, { description: 'The current session.' }) },
    refuses: ['conflict', 'too_many_requests'],
    handler: async (request) => {
      const caller = callerOf(request);
      const { current_password: current, new_password: next } = request.body;
      await changePassword(parts, { caller, request }, { current, next });
      return describeState(database, parts, await findSession(sessionHolders, request));
    },
  });

  route(app, 'GET', '/api/session/sessions', {
    ...common,
    operationId: 'listSessions',
    summary: 'List your sessions',
    description: 'Sessions of the signed-in member, on every device.',
    answers: { 200: reference(ListedSessions, { description: 'The sessions.' }) },
    handler: async (request) => list(callerOf(request)),
  });

  route(app, 'DELETE', '/api/session/sessions', {
    ...common,
    operationId: 'signOutEverywhere',
    summary: 'Sign out everywhere',
    description: 'Ends every session of the signed-in member, including this one.',
    answers: { 200: reference(SessionState, { description: 'There is no session.' }) },
    handler: async (request, reply) => {
      await endAllSessions(parts, { caller: callerOf(request), request });
      takeSession(sessionHolders, request, reply);
      return describeState(database, parts, undefined);
    },
  });

  route(app, 'DELETE', '/api/session/sessions/:token', {
    ...common,
    operationId: 'endSession',
    summary: 'End one of your sessions',
    description: 'The session stops working on the next request.',
    params: Type.Object({
      token: Type.String({
        description: 'Identifier of the session.',
        examples: ['3ffcbb7b2c63'],
      }),
    }),
    answers: { 200: reference(ListedSessions, { description: 'The remaining sessions.' }) },
    handler: async (request) => {
      const caller = callerOf(request);
      const { token } = request.params;
      if (!(await endSession(parts, { caller, request, token }))) {
        throw new ApiError('not_found', 'Session not found.', 'It may have ended.');
      }
      return list(caller);
    },
  });
}
