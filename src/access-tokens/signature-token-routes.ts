import type { FastifyInstance } from 'fastify';
import { actorOf } from '../audit/actor.ts';
import { admit, callerOf } from '../callers/admit.ts';
import type { Authentication } from '../callers/authenticate.ts';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../errors.ts';
import { OrganizationPath, tokenPath } from '../http/path-parameters.ts';
import { route } from '../http/route.ts';
import { reference } from '../http/schema-reference.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Organization } from '../organizations/organization.ts';
import { findAccessToken, type ListedAccessToken, listAccessTokens } from './access-token-store.ts';
import { createSignatureToken } from './create-access-token.ts';
import { givenExpiry } from './given-expiry.ts';
import { revokeToken } from './revoke-token.ts';
import {
  CreatedSignatureToken,
  NewSignatureToken,
  SignatureToken,
  SignatureTokens,
  scope,
  signatureTokenSchemas,
} from './signature-token-schema.ts';

type Parts = {
  database: Database;
  authentication: Authentication;
  clock: Clock;
  identifiers: Identifiers;
};

const TokenPath = tokenPath('Public part of the signature token.', '5b89bf4b0a49');

/** `/batch/{organization}/signature_tokens`: admins make, see and revoke credentials for the Discovery API. */
export function addSignatureTokenRoutes(
  app: FastifyInstance,
  { database, authentication, clock, identifiers }: Parts,
): void {
  const path = '/batch/:organization/signature_tokens';
  for (const schema of signatureTokenSchemas) app.addSchema(schema);
  const { admins } = admit(app, authentication);
  const common = { tag: 'Signature tokens', admits: admins };

  async function getToken(organizationId: number, token: string): Promise<ListedAccessToken> {
    const found = await findAccessToken(database, organizationId, 'signature', token);
    if (found) return found;
    throw new ApiError(
      'not_found',
      'signature token not found',
      'It may have been revoked. List the valid ones.',
    );
  }

  route(app, 'POST', path, {
    ...common,
    operationId: 'createSignatureToken',
    summary: 'Create a signature token',
    description:
      'This response is the only one with `access_key` and `access_secret`. The credential ' +
      'is the strict Base64 of `token:access_key:access_secret`. It belongs to the admin who creates it, and ' +
      'is revoked when that admin is removed.',
    params: OrganizationPath,
    body: reference(NewSignatureToken),
    answers: {
      200: reference(CreatedSignatureToken, { description: 'The new token, with its secret.' }),
    },
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const { name, expires_at: expiry } = request.body.signature_token;
      const expiresAt = givenExpiry(expiry, clock);
      const given = { name, memberSlot: caller.member?.slot ?? null, expiresAt };
      const outside = { clock, identifiers, by: actorOf(caller, request) };
      const made = await database.transaction((store) =>
        createSignatureToken(store, organization.id, given, outside),
      );
      const listed = await getToken(organization.id, made.token);
      const shown: CreatedSignatureToken = {
        ...toWire(organization, listed),
        access_key: made.accessKey,
        access_secret: made.accessSecret,
      };
      return shown;
    },
  });

  route(app, 'GET', path, {
    ...common,
    operationId: 'listSignatureTokens',
    summary: 'List signature tokens',
    description:
      'Every signature token that is not revoked, including expired ones, oldest first, without its secret.',
    params: OrganizationPath,
    answers: { 200: reference(SignatureTokens, { description: 'The tokens.' }) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      const tokens = await listAccessTokens(database, organization.id, 'signature');
      return { signature_tokens: tokens.map((token) => toWire(organization, token)) };
    },
  });

  route(app, 'GET', `${path}/:token`, {
    ...common,
    operationId: 'getSignatureToken',
    summary: 'Get a signature token',
    description: 'A signature token that is not revoked, without its secret.',
    params: TokenPath,
    answers: { 200: reference(SignatureToken, { description: 'The token.' }) },
    handler: async (request) => {
      const { organization } = callerOf(request);
      return toWire(organization, await getToken(organization.id, request.params.token));
    },
  });

  route(app, 'DELETE', `${path}/:token`, {
    ...common,
    operationId: 'revokeSignatureToken',
    summary: 'Revoke a signature token',
    description:
      'The token stops working on the next request. The response shows it one last time.',
    params: TokenPath,
    answers: { 200: reference(SignatureToken, { description: 'The revoked token.' }) },
    refuses: ['payload_too_large'],
    handler: async (request) => {
      const caller = callerOf(request);
      const { organization } = caller;
      const token = await getToken(organization.id, request.params.token);
      const at = wireTime(clock());
      await revokeToken(database, organization.id, token, { at, by: actorOf(caller, request) });
      return { ...toWire(organization, token), updated_at: at };
    },
  });
}

function toWire(organization: Organization, token: ListedAccessToken): SignatureToken {
  return {
    token: token.token,
    name: token.name,
    creator_id: token.memberId,
    organization_id: organization.id,
    created_at: token.createdAt,
    updated_at: token.createdAt,
    expires_at: token.expiresAt,
    ...scope,
  };
}
