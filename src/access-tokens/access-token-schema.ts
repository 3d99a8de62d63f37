import { type Static, Type } from 'typebox';
import { Link } from '../http/hal.ts';
import { closed, links, textOrNull, time, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { TOKEN_NAME_LENGTH } from './access-token.ts';
import type { ListedAccessToken } from './access-token-store.ts';

const properties = {
  token: Type.String({ description: 'Public part of the credential.' }),
  name: Type.String({ description: 'Purpose of the token.' }),
  member: textOrNull(
    'Email address of the member it belongs to; null if it belongs to the organization.',
  ),
  created_at: time('Creation time.'),
  expires_at: timeOrNull('Expiration time; null if it does not expire.'),
  last_used_at: timeOrNull('Time of the last use, to the minute; null if never used.'),
};

const example = {
  token: '5b89bf4b0a49',
  name: 'nightly export',
  member: 'ana@example.com',
  created_at: '2026-07-02T21:01:17.181Z',
  expires_at: '2026-10-02T21:00:00.000Z',
  last_used_at: '2026-07-03T04:00:02.307Z',
};

/** An access token as it is listed. */
export const AccessToken = closed(properties, {
  $id: 'AccessToken',
  description: 'An API token or a signature token, without its secret.',
  examples: [example],
});
export type AccessToken = Static<typeof AccessToken>;

/** An API token as Mode shows it: where a credential leads to the member whose it is. */
export const ApiKey = closed(
  {
    ...properties,
    _links: links({
      self: Link('This API token.'),
      account: Link('The organization.'),
      member: Type.Optional(
        Link('The member it belongs to; absent if it belongs to the organization.'),
      ),
    }),
  },
  {
    $id: 'ApiKey',
    description: 'An API token, without its secret.',
    examples: [
      {
        ...example,
        _links: {
          self: { href: '/api/acme/api_keys/5b89bf4b0a49' },
          account: { href: '/api/acme' },
          member: { href: '/api/acme/members/8d1f2b7c3a55' },
        },
      },
    ],
  },
);

/** The access tokens of one kind. */
export const AccessTokens = closed(
  {
    tokens: Type.Array(reference(AccessToken), {
      description: 'Tokens that are not revoked, oldest first.',
    }),
  },
  {
    $id: 'AccessTokens',
    description: 'Access tokens of one kind.',
    examples: [{ tokens: [example] }],
  },
);
export type AccessTokens = Static<typeof AccessTokens>;

/** An access token to make. */
export const NewAccessToken = closed(
  {
    name: Type.String({ ...TOKEN_NAME_LENGTH, description: 'Purpose of the token.' }),
    expires_at: Type.Optional(
      textOrNull(
        'Expiration time: a future ISO 8601 time with a time zone. Without it, the token does not expire.',
      ),
    ),
  },
  {
    $id: 'NewAccessToken',
    description: 'An access token to create.',
    examples: [{ name: 'nightly export', expires_at: '2026-10-02T21:00Z' }],
  },
);
export type NewAccessToken = Static<typeof NewAccessToken>;

/** An access token as it is shown once. */
export const CreatedAccessToken = closed(
  {
    ...properties,
    secret: Type.String({
      description:
        'The secret part, only in this response: the password of an API token, or `access_key:access_secret` of a signature token.',
    }),
    authorization: Type.String({
      description: 'Value of the Authorization header, including the secret.',
    }),
  },
  {
    $id: 'CreatedAccessToken',
    description: 'An access token with its secret.',
    examples: [
      {
        ...example,
        last_used_at: null,
        secret: '8b6fdc0a36bf340604a3cedc829146cb6c752f51bbbb8c85',
        authorization:
          'Basic NWI4OWJmNGIwYTQ5OjhiNmZkYzBhMzZiZjM0MDYwNGEzY2VkYzgyOTE0NmNiNmM3NTJmNTFiYmJiOGM4NQ==',
      },
    ],
  },
);
export type CreatedAccessToken = Static<typeof CreatedAccessToken>;

export const accessTokenSchemas = [AccessToken, AccessTokens, NewAccessToken, CreatedAccessToken];

export function toAccessToken(token: ListedAccessToken): AccessToken {
  return {
    token: token.token,
    name: token.name,
    member: token.memberEmail,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
    last_used_at: token.lastUsedAt,
  };
}
