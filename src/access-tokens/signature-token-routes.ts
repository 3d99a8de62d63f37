import { type Static, Type } from 'typebox';
import { type Clock, wireTime } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { ApiError, quoted } from '../errors.ts';
import { authenticateBasic } from '../http/authenticate.ts';
import { ownOrganization, requireAdmin } from '../http/authorize.ts';
import type { HttpServer } from '../http/create-http-server.ts';
import { ErrorBody } from '../http/error-response.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Organization } from '../organizations/organization.ts';
import { parseExpiry } from './access-token.ts';
import {
  findAccessToken,
  type ListedAccessToken,
  listAccessTokens,
  revokeAccessToken,
} from './access-token-store.ts';
import { createSignatureToken } from './create-access-token.ts';

type Parts = { database: Database; clock: Clock; identifiers: Identifiers };

/** The only scope there is, as documented. */
const scope = { authentication_for: 'batch-api', authorization_type: 'read-only' } as const;

const NewSignatureToken = Type.Object(
  {
    signature_token: Type.Object(
      {
        name: Type.String({ minLength: 4, maxLength: 64, description: 'What the token is for.' }),
        expires_at: Type.String({
          description: 'ISO 8601, in the future, such as 2026-10-02T21:00Z.',
        }),
        auth_scope: Type.Object(
          {
            authentication_for: Type.Literal(scope.authentication_for),
            authorization_type: Type.Literal(scope.authorization_type),
          },
          { additionalProperties: false },
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

const time = (description: string) => Type.String({ format: 'date-time', description });

const SignatureToken = Type.Object(
  {
    token: Type.String({ description: 'The first part of the credential.' }),
    name: Type.String(),
    creator_id: Type.Union([Type.Integer(), Type.Null()], {
      description: 'Number of the member it belongs to.',
    }),
    organization_id: Type.Integer(),
    created_at: time('When it was made.'),
    updated_at: time('When it was made or revoked.'),
    expires_at: Type.Union([time('When it ends.'), Type.Null()]),
    authentication_for: Type.Literal(scope.authentication_for),
    authorization_type: Type.Literal(scope.authorization_type),
  },
  { additionalProperties: false },
);

const CreatedSignatureToken = Type.Object(
  {
    ...SignatureToken.properties,
    access_key: Type.String({ description: 'The second part of the credential; shown once.' }),
    access_secret: Type.String({ description: 'The third part of the credential; shown once.' }),
  },
  { additionalProperties: false },
);

const OrganizationPath = Type.Object({
  organization: Type.String({ description: 'Username of the organization.' }),
});
const TokenPath = Type.Object({
  ...OrganizationPath.properties,
  token: Type.String({ description: 'The first part of the credential.' }),
});

const common = { tags: ['Signature tokens'], security: [{ apiToken: [] }] };
const refusals = { 401: ErrorBody, 403: ErrorBody, 404: ErrorBody };

/** `/batch/{organization}/signature_tokens`: admins make, see and revoke credentials for the Discovery API. */
export function addSignatureTokenRoutes(
  app: HttpServer,
  { database, clock, identifiers }: Parts,
): void {
  const path = '/batch/:organization/signature_tokens';

  /** The organization in the path and the admin who calls. */
  async function authorize(request: {
    headers: { authorization?: string | undefined };
    params: { organization: string };
  }): Promise<{ organization: Organization; memberSlot: number | null }> {
    const caller = await authenticateBasic({ database, clock }, request.headers.authorization);
    const organization = ownOrganization(caller, request.params.organization);
    requireAdmin(caller);
    return { organization, memberSlot: caller.member?.slot ?? null };
  }

  async function getToken(organizationId: number, token: string): Promise<ListedAccessToken> {
    const found = await findAccessToken(database, organizationId, 'signature', token);
    if (found) return found;
    throw new ApiError(
      'not_found',
      'Signature token not found.',
      'It may have been revoked; the list shows those that are valid.',
    );
  }

  app.post(
    path,
    {
      schema: {
        ...common,
        operationId: 'createSignatureToken',
        summary: 'Make a signature token; its secret is shown this once',
        params: OrganizationPath,
        body: NewSignatureToken,
        response: { 200: CreatedSignatureToken, 400: ErrorBody, ...refusals },
      },
      // Who may not do this is told so before what is wrong with the body.
      attachValidation: true,
    },
    async (request) => {
      const { organization, memberSlot } = await authorize(request);
      if (request.validationError) throw request.validationError;
      const { name, expires_at: expiry } = request.body.signature_token;
      const expiresAt = parseFutureExpiry(expiry, clock);
      const made = await createSignatureToken(
        database,
        organization.id,
        { name, memberSlot, expiresAt },
        { clock, identifiers },
      );
      const listed = await getToken(organization.id, made.token);
      const shown: Static<typeof CreatedSignatureToken> = {
        ...toWire(organization, listed),
        access_key: made.accessKey,
        access_secret: made.accessSecret,
      };
      return shown;
    },
  );

  app.get(
    path,
    {
      schema: {
        ...common,
        operationId: 'listSignatureTokens',
        summary: 'The signature tokens that are not revoked',
        params: OrganizationPath,
        response: {
          200: Type.Object(
            { signature_tokens: Type.Array(SignatureToken) },
            { additionalProperties: false },
          ),
          ...refusals,
        },
      },
    },
    async (request) => {
      const { organization } = await authorize(request);
      const tokens = await listAccessTokens(database, organization.id, 'signature');
      return { signature_tokens: tokens.map((token) => toWire(organization, token)) };
    },
  );

  app.get(
    `${path}/:token`,
    {
      schema: {
        ...common,
        operationId: 'getSignatureToken',
        summary: 'One signature token, without its secret',
        params: TokenPath,
        response: { 200: SignatureToken, ...refusals },
      },
    },
    async (request) => {
      const { organization } = await authorize(request);
      return toWire(organization, await getToken(organization.id, request.params.token));
    },
  );

  app.delete(
    `${path}/:token`,
    {
      schema: {
        ...common,
        operationId: 'revokeSignatureToken',
        summary: 'Revoke a signature token; it is refused from the next request on',
        params: TokenPath,
        response: { 200: SignatureToken, ...refusals },
      },
    },
    async (request) => {
      const { organization } = await authorize(request);
      const token = await getToken(organization.id, request.params.token);
      const revokedAt = wireTime(clock());
      await revokeAccessToken(database, organization.id, 'signature', token.token, revokedAt);
      return { ...toWire(organization, token), updated_at: revokedAt };
    },
  );
}

function parseFutureExpiry(text: string, clock: Clock): string {
  const expiresAt = parseExpiry(text);
  if (expiresAt === undefined) {
    throw new ApiError(
      'bad_request',
      `expires_at is ${quoted(text)}; it must be an ISO 8601 time with its zone, such as 2026-10-02T21:00Z.`,
    );
  }
  if (expiresAt <= wireTime(clock())) {
    throw new ApiError(
      'bad_request',
      `expires_at is ${quoted(text)}, which is past; it must be in the future.`,
    );
  }
  return expiresAt;
}

function toWire(
  organization: Organization,
  token: ListedAccessToken,
): Static<typeof SignatureToken> {
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
