import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { cookieIn, cookieOf, type RequestHead } from '../callers/session-cookie.ts';
import { ApiError } from '../errors.ts';
import { singleValue } from '../http/paging.ts';
import { readsQuery } from '../http/query-string.ts';
import { anybody, route } from '../http/route.ts';
import { basePathOf } from '../public-url.ts';
import { ownUrl } from '../sessions/own-url.ts';
import type { SessionParts } from '../sessions/session-routes.ts';
import { sendSession, visitorOf } from '../sessions/visitor.ts';
import type { ConfiguredOidc } from './oidc-of-config.ts';
import type { OidcSecrets } from './oidc-provider.ts';
import { type OidcRefusal, signInByOidc } from './oidc-sign-in.ts';

/** How long somebody may take at the provider. */
const AWAY_SECONDS = 600;
const CALLBACK = '/auth/oidc/callback';

/** What a browser keeps while its user is at the provider. */
type Journey = OidcSecrets & { organization: string | undefined; page: string };

const redirection = (description: string) => ({
  302: Type.Unsafe<undefined>({
    type: 'null',
    description,
    headers: { Location: { type: 'string', description: 'Where to go.' } },
  }),
});

/** `/auth/oidc/start` and `/auth/oidc/callback`: a browser is sent to the provider, and comes back. */
export function addOidcRoutes(
  app: FastifyInstance,
  { oidc, ...parts }: SessionParts & { oidc: ConfiguredOidc | undefined },
): void {
  if (oidc === undefined) return;
  const { provider, rules } = oidc;
  const { sessionHolders } = parts.authentication;
  const { publicUrl } = sessionHolders;
  const own = (request: RequestHead) => ownUrl(request, publicUrl);

  route(app, 'GET', '/auth/oidc/start', {
    tag: 'Session',
    admits: anybody,
    operationId: 'startOidc',
    summary: 'Go to the OpenID provider to sign in',
    description: 'For a link in a page: sends the browser to the provider, which sends it back.',
    query: readsQuery(
      Type.Object({
        organization: Type.Optional(
          Type.String({ description: 'Username of the organization, where one is in several.' }),
        ),
        page: Type.Optional(
          Type.String({ description: 'Path of the page to be at in the end; `/` without it.' }),
        ),
      }),
    ),
    answers: redirection('The provider.'),
    refuses: ['bad_request', 'busy'],
    handler: async (request, reply) => {
      const { query } = request;
      const organization = singleValue(query, 'organization', 'a username');
      const page = ownPath(singleValue(query, 'page', 'a path') ?? '/');
      const begun = await provider.begin(`${own(request)}${CALLBACK}`).catch((error) => {
        request.log.error({ reason: reasonOf(error) }, 'OpenID provider does not answer');
        throw new ApiError(
          'busy',
          'The OpenID provider does not answer just now.',
          'Try again in a minute, or sign in by a link, which an admin can make.',
        );
      });
      keepJourney(request, reply, { ...begun.secrets, organization, page });
      return reply.redirect(begun.url.href, 302);
    },
  });

  route(app, 'GET', CALLBACK, {
    tag: 'Session',
    admits: anybody,
    operationId: 'finishOidc',
    summary: 'Come back from the OpenID provider',
    description:
      'Begins a session, which the answer’s cookie holds, and goes to the page that was asked for; or to `/sign-in` with ' +
      '`error`: `oidc_failed`, `not_a_member` or `several_organizations`.',
    answers: redirection('A page of this server.'),
    refuses: ['bad_request'],
    handler: async (request, reply) => {
      const journey = journeyOf(request);
      keepJourney(request, reply, undefined);
      const refuse = (error: OidcRefusal | 'oidc_failed') =>
        reply.redirect(`${basePathOf(publicUrl)}/sign-in?error=${error}`, 302);
      if (journey === undefined) return refuse('oidc_failed');
      const answer = new URL(own(request) + request.raw.url);
      const person = await provider.finish(answer, journey).catch((error) => {
        // What is wrong with it may be the doing of whoever made the address up, so it is no failure of ours.
        request.log.warn({ reason: reasonOf(error) }, 'OpenID sign-in failed');
        return undefined;
      });
      if (person === undefined) return refuse('oidc_failed');
      const visitor = await visitorOf(sessionHolders, request);
      const { organization, page } = journey;
      const session = await signInByOidc({ ...parts, rules }, { person, organization }, visitor);
      if (typeof session === 'string') return refuse(session);
      sendSession(sessionHolders, parts.limits, { request, reply, session });
      return reply.redirect(basePathOf(publicUrl) + page, 302);
    },
  });

  function keepJourney(request: RequestHead, reply: FastifyReply, journey: Journey | undefined) {
    const value = journey && Buffer.from(JSON.stringify(journey)).toString('base64url');
    const maxAgeSeconds = journey === undefined ? 0 : AWAY_SECONDS;
    reply.header(
      'set-cookie',
      cookieOf(request, publicUrl, { kind: 'oidc', value: value ?? '', maxAgeSeconds }),
    );
  }

  function journeyOf(request: RequestHead): Journey | undefined {
    const value = cookieIn(request, publicUrl, 'oidc');
    if (value === undefined) return undefined;
    try {
      const journey = JSON.parse(Buffer.from(value, 'base64url').toString()) as Partial<Journey>;
      const { state, nonce, verifier, organization, page } = journey;
      if (!state || !nonce || !verifier) return undefined;
      return { state, nonce, verifier, organization, page: ownPath(String(page)) };
    } catch {
      return undefined;
    }
  }
}

/** What an error of the protocol says, without the answer that it may carry, which holds secrets. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A path of this server, whatever was asked for: nobody is led elsewhere. */
function ownPath(path: string): string {
  const base = 'http://here.invalid';
  const isPath = /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && URL.canParse(path, base);
  return isPath && new URL(path, base).origin === base ? path : '/';
}
