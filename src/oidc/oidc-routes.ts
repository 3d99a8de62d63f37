import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type } from 'typebox';
import {
  cookieIn,
  cookieOf,
  journeyStatesIn,
  type RequestHead,
} from '../callers/session-cookie.ts';
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
import { type OidcError, signInByOidc } from './oidc-sign-in.ts';

/** How long somebody may take at the provider. */
const AWAY_SECONDS = 600;
const CALLBACK = '/auth/oidc/callback';
/** How many ways to the provider a browser may have begun at once; its headers have to stay small. */
const MOST_JOURNEYS = 6;
/** So long a page's path can be, to be come back to. */
const LONGEST_PAGE = 1000;

/** What a browser keeps while its user is at the provider. */
type Journey = OidcSecrets & { organization: string | undefined; page: string };

const redirection = (description: string) => ({
  302: Type.Unsafe<undefined>({
    type: 'null',
    description,
    headers: { Location: { type: 'string', description: 'Target of the redirect.' } },
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
    summary: 'Start sign-in with the OpenID provider',
    description:
      'For a link in a page: redirects the browser to the provider, which redirects it back.',
    query: readsQuery(
      Type.Object({
        organization: Type.Optional(
          Type.String({
            description: 'Username of the organization, for members of several.',
          }),
        ),
        page: Type.Optional(
          Type.String({ description: 'Path of the page to open afterwards; `/` by default.' }),
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
        request.log.error({ reason: reasonOf(error) }, 'OpenID provider does not respond');
        throw new ApiError(
          'busy',
          'The OpenID provider does not respond.',
          'Try again in a minute, or ask an admin for a sign-in link.',
        );
      });
      for (const state of journeyStatesIn(request.headers.cookie).slice(0, 1 - MOST_JOURNEYS))
        forgetJourney(request, reply, state);
      keepJourney(request, reply, { ...begun.secrets, organization, page });
      return reply.redirect(begun.url.href, 302);
    },
  });

  route(app, 'GET', CALLBACK, {
    tag: 'Session',
    admits: anybody,
    operationId: 'finishOidc',
    summary: 'Complete sign-in with the OpenID provider',
    description:
      'Creates a session, whose cookie is in the response, and redirects to the requested page; or to `/sign-in` with ' +
      '`error`: `oidc_failed`, `email_missing`, `email_unverified`, `domain_refused`, `not_a_member` or `several_organizations`.',
    answers: redirection('A page of this server.'),
    refuses: ['bad_request'],
    handler: async (request, reply) => {
      const refuse = (error: OidcError | 'oidc_failed', reason: string) => {
        // What is wrong may be the doing of whoever made the address up, so it is no failure of ours.
        parts.metrics.signInRefused('oidc');
        request.log.warn({ error, reason, issuer: provider.issuer }, 'OpenID sign-in refused');
        return reply.redirect(`${basePathOf(publicUrl)}/sign-in?error=${error}`, 302);
      };
      const answer = new URL(own(request) + request.raw.url);
      const state = answer.searchParams.get('state') ?? '';
      const journey = journeyOf(request, state);
      if (journey === undefined)
        return refuse('oidc_failed', 'The browser has not started this sign-in, or too long ago.');
      forgetJourney(request, reply, state);
      const person = await provider.finish(answer, journey).catch(reasonOf);
      if (typeof person === 'string') return refuse('oidc_failed', person);
      const visitor = await visitorOf(sessionHolders, request);
      const { organization, page } = journey;
      const session = await signInByOidc({ ...parts, rules }, { person, organization }, visitor);
      if ('error' in session) return refuse(session.error, session.reason);
      sendSession(sessionHolders, parts.limits, { request, reply, session });
      return reply.redirect(basePathOf(publicUrl) + page, 302);
    },
  });

  function keepJourney(request: RequestHead, reply: FastifyReply, journey: Journey) {
    const { state, ...rest } = journey;
    const value = Buffer.from(JSON.stringify(rest)).toString('base64url');
    const kind = `oidc-${state}` as const;
    const cookie = { kind, value, maxAgeSeconds: AWAY_SECONDS };
    reply.header('set-cookie', cookieOf(request, publicUrl, cookie));
  }

  function forgetJourney(request: RequestHead, reply: FastifyReply, state: string) {
    const cookie = { kind: `oidc-${state}`, value: '', maxAgeSeconds: 0 } as const;
    reply.header('set-cookie', cookieOf(request, publicUrl, cookie));
  }

  /** What the browser keeps for the answer of a state; undefined where it is no state of this server, or not the browser's. */
  function journeyOf(request: RequestHead, state: string): Journey | undefined {
    if (!journeyStatesIn(request.headers.cookie).includes(state)) return undefined;
    const value = cookieIn(request, publicUrl, `oidc-${state}`);
    if (value === undefined) return undefined;
    try {
      const journey = JSON.parse(Buffer.from(value, 'base64url').toString()) as Partial<Journey>;
      const { nonce, verifier, organization, page } = journey;
      if (!nonce || !verifier) return undefined;
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
  const isPath =
    path.length <= LONGEST_PAGE &&
    /^\/(?![/\\])[\x21-\x7e]*$/.test(path) &&
    URL.canParse(path, base);
  return isPath && new URL(path, base).origin === base ? path : '/';
}
