import type { FastifyInstance } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication, Caller } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import { type AccessTokenKind, basicOf, bearerOf } from './access-token.ts';
import {
  AccessTokens,
  accessTokenSchemas,
  CreatedAccessToken,
  NewAccessToken,
  toAccessToken,
} from './access-token-schema.ts';
import { findAccessToken, type ListedAccessToken, listAccessTokens } from './access-token-store.ts';
import { createApiToken, createSignatureToken } from './create-access-token.ts';
import { givenExpiry } from './given-expiry.ts';
import { revokeToken } from './revoke-token.ts';
import { isTokenFor, noAccessToken } from './token-reach.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  identifiers: Identifiers;
};

/** What differs between the two kinds of access token. */
const kinds = {
  api: {
    path: '/api/:organization/api_tokens',
    name: 'ApiToken',
    noun: 'API token',
    whose: 'Admins get the tokens of every member, other members their own.',
    admits: 'members',
  },
  signature: {
    path: '/api/:organization/signature_tokens',
    name: 'SignatureTokenOfOrganization',
    noun: 'signature token',
    whose: 'These are the tokens under `/batch`, where clients of the Discovery API look for them.',
    admits: 'admins',
  },
} as const;

/**
 * `/api/{organization}/api_tokens` and `/signature_tokens`: members make, see and revoke their own API tokens; admins
 * see and revoke everybody's, and have the signature tokens besides.
 */
export function addAccessTokenRoutes(app: FastifyInstance, parts: Parts): void {
  for (const schema of accessTokenSchemas) app.addSchema(schema);
  addRoutesOf('api', app, parts);
  addRoutesOf('signature', app, parts);
}

function addRoutesOf(
  kind: AccessTokenKind,
  app: FastifyInstance,
  { database, authentication, clock, identifiers }: Parts,
): void {
  const { path, name, noun, whose, admits } = kinds[kind];
  const common = { tag: 'Access tokens', admits: admit(app, authentication)[admits] };

  async function getToken(caller: Caller, token: string): Promise<ListedAccessToken> {
    const found = await findAccessToken(database, caller.organization.id, kind, token);
    if (found && isTokenFor(caller, found)) return found;
    throw noAccessToken();
  }

  route(app, 'GET', path, {
    ...common,
    operationId: `list${name}s`,
    summary: `List ${noun}s with their last use`,
    description: `Every ${noun} that is not revoked, including expired ones, without its secret. ${whose}`,
    params: OrganizationPath,
    answers: { 200: reference(AccessTokens, { description: 'The tokens.' }) },
    handler: async (request) => {
      const caller = callerOf(request);
      const tokens = await listAccessTokens(database, caller.organization.id, kind);
      return { tokens: tokens.filter((token) => isTokenFor(caller, token)).map(toAccessToken) };
    },
  });

  route(app, 'POST', path, {
    ...common,
    operationId: `create${name}`,
    summary: `Create a personal ${noun}`,
    description:
      'The token belongs to the member who creates it, and is revoked when that member is removed. This response is the only one with ' +
      'the secret.',
    params: OrganizationPath,
    body: reference(NewAccessToken),
    answers: {
      200: reference(CreatedAccessToken, { description: 'The new token, with its secret.' }),
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const { id } = caller.organization;
      const { name: given, expires_at: expiry } = request.body;
      const expiresAt = expiry ? givenExpiry(expiry, clock) : null;
      const made = { name: given, memberSlot: caller.member?.slot ?? null, expiresAt };
      const outside = { clock, identifiers, by: actorOf(caller, request) };
      const { token, secret, authorization } = await database.transaction(async (store) => {
        if (kind === 'api') {
          const credential = await createApiToken(store, id, made, outside);
          return { ...credential, authorization: basicOf(credential) };
        }
        const credential = await createSignatureToken(store, id, made, outside);
        const parts = `${credential.accessKey}:${credential.accessSecret}`;
        return { token: credential.token, secret: parts, authorization: bearerOf(credential) };
      });
      const shown: CreatedAccessToken = {
        ...toAccessToken(await getToken(caller, token)),
        secret,
        authorization,
      };
      return shown;
    },
  });

  route(app, 'DELETE', `${path}/:token`, {
    ...common,
    operationId: `delete${name}`,
    summary: `Revoke a ${noun}`,
    description: 'The token stops working on the next request.',
    params: tokenPath(`Public part of the ${noun}.`, '5b89bf4b0a49'),
    answers: { 200: reference(AccessTokens, { description: 'The remaining tokens.' }) },
    refuses: ['payload_too_large'],
    handler: async (request) => {
      const caller = callerOf(request);
      const { id } = caller.organization;
      const { token } = await getToken(caller, request.params.token);
      const done = { at: wireTime(clock()), by: actorOf(caller, request) };
      await revokeToken(database, id, { kind, token }, done);
      const left = await listAccessTokens(database, id, kind);
      return { tokens: left.filter((token) => isTokenFor(caller, token)).map(toAccessToken) };
    },
  });
}
