import { type Static, Type } from 'typebox';
import { closed, integerOrNull, open, time, timeOrNull } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { TOKEN_NAME_LENGTH } from './access-token.ts';

/** The only scope there is, as documented. */
export const scope = {
  authentication_for: 'batch-api',
  authorization_type: 'read-only',
} as const;

const scopeSchemas = {
  authentication_for: Type.Literal(scope.authentication_for, {
    description: 'API that the token is for: the Discovery API.',
  }),
  authorization_type: Type.Literal(scope.authorization_type, {
    description: 'Access that it grants: read-only.',
  }),
};

const example = {
  token: '5b89bf4b0a49',
  name: 'catalog',
  creator_id: 12,
  organization_id: 4,
  created_at: '2026-07-02T21:01:17.181Z',
  updated_at: '2026-07-02T21:01:17.181Z',
  expires_at: '2026-10-02T21:00:00.000Z',
  ...scope,
};

/** What is sent to make a token. */
export const NewSignatureToken = open(
  closed(
    {
      signature_token: closed(
        {
          name: Type.String({
            ...TOKEN_NAME_LENGTH,

            description: 'Purpose of the token.',
          }),
          expires_at: Type.String({
            description:
              'Expiration time: a future ISO 8601 time with a time zone. Seconds and fractions are optional.',
          }),
          auth_scope: closed(scopeSchemas, {
            description: 'Scope of the token; there is only one.',
          }),
        },
        { description: 'The token to create.' },
      ),
    },
    {
      $id: 'NewSignatureToken',
      description: 'A signature token to create.',
      examples: [
        {
          signature_token: { name: 'catalog', expires_at: '2026-10-02T21:00Z', auth_scope: scope },
        },
      ],
    },
  ),
);

const properties = {
  token: Type.String({ description: 'Public part, the first part of the credential.' }),
  name: Type.String({ description: 'Purpose of the token.' }),
  creator_id: integerOrNull(
    'Number of the member it belongs to; null if it belongs to the organization.',
  ),
  organization_id: Type.Integer({ description: 'Number of the organization.' }),
  created_at: time('Creation time.'),
  updated_at: time('Time of creation or revocation.'),
  expires_at: timeOrNull('Expiration time; null if it does not expire.'),
  ...scopeSchemas,
};

/** A token as it is shown ever after. */
export const SignatureToken = closed(properties, {
  $id: 'SignatureToken',
  description: 'A signature token, without its secret.',
  examples: [example],
});
export type SignatureToken = Static<typeof SignatureToken>;

/** A token as it is shown once. */
export const CreatedSignatureToken = closed(
  {
    ...properties,
    access_key: Type.String({ description: 'Second part of the credential.' }),
    access_secret: Type.String({ description: 'Third part of the credential.' }),
  },
  {
    $id: 'CreatedSignatureToken',
    description: 'A signature token with its secret.',
    examples: [
      {
        ...example,
        access_key: '8b6fdc0a36bf340604a3cedc',
        access_secret: '829146cb6c752f51bbbb8c85',
      },
    ],
  },
);
export type CreatedSignatureToken = Static<typeof CreatedSignatureToken>;

/** The tokens of an organization. */
export const SignatureTokens = closed(
  {
    signature_tokens: Type.Array(reference(SignatureToken), {
      description: 'Tokens that are not revoked.',
    }),
  },
  {
    $id: 'SignatureTokens',
    description: 'The signature tokens of an organization.',
    examples: [{ signature_tokens: [example] }],
  },
);

export const signatureTokenSchemas = [
  NewSignatureToken,
  SignatureToken,
  CreatedSignatureToken,
  SignatureTokens,
];
