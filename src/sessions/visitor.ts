import type { FastifyReply, FastifyRequest } from 'fastify';
import { browserSecretIn, cookieOf, sessionIdIn } from '../callers/session-cookie.ts';
import { DAY_MS } from '../clock.ts';
import type { NewSession, SessionLimits, Visitor } from './begin-session.ts';
import { KNOWN_DAYS } from './known-browser.ts';
import type { SessionHolders } from './session-holders.ts';
import type { SessionHolder } from './session-store.ts';

/** The session that a request comes with, if it is alive. */
export async function findSession(
  sessionHolders: SessionHolders,
  request: FastifyRequest,
): Promise<SessionHolder | undefined> {
  const id = sessionIdIn(request, sessionHolders.publicUrl);
  return id === undefined ? undefined : sessionHolders.find(id);
}

/** The browser that a request comes from. */
export async function visitorOf(
  sessionHolders: SessionHolders,
  request: FastifyRequest,
): Promise<Visitor> {
  const found = await findSession(sessionHolders, request);
  return {
    userAgent: request.headers['user-agent'] ?? null,
    address: request.ip,
    browser: browserSecretIn(request, sessionHolders.publicUrl),
    earlier: found && {
      organizationId: found.organization.id,
      memberSlot: found.member.slot,
      token: found.token,
    },
  };
}

/** Hands a new session to the browser. */
export function sendSession(
  { publicUrl }: SessionHolders,
  limits: SessionLimits,
  {
    request,
    reply,
    session,
  }: { request: FastifyRequest; reply: FastifyReply; session: NewSession },
): void {
  const maxAgeSeconds = (limits.days * DAY_MS) / 1000;
  reply.header(
    'set-cookie',
    cookieOf(request, publicUrl, { kind: 'session', value: session.id, maxAgeSeconds }),
  );
}

/** Lets a browser be known as one in which somebody has signed in. */
export function sendBrowser(
  { publicUrl }: SessionHolders,
  { request, reply, browser }: { request: FastifyRequest; reply: FastifyReply; browser: string },
): void {
  const maxAgeSeconds = (KNOWN_DAYS * DAY_MS) / 1000;
  const cookie = { kind: 'browser', value: browser, maxAgeSeconds } as const;
  reply.header('set-cookie', cookieOf(request, publicUrl, cookie));
}

/** Takes the session away from the browser. */
export function takeSession(
  { publicUrl }: SessionHolders,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.header(
    'set-cookie',
    cookieOf(request, publicUrl, { kind: 'session', value: '', maxAgeSeconds: 0 }),
  );
}
