import { type Static, Type } from 'typebox';
import { closed, time } from '../http/schema-parts.ts';

/** The accounts at OpenID providers that open members. */
export const Identities = closed(
  {
    identities: Type.Array(
      closed({
        membership: Type.String({ description: 'Token of the membership.' }),
        issuer: Type.String({ description: 'URL of the provider.' }),
        subject: Type.String({ description: 'Identifier of the account at the provider.' }),
        linked_at: time('Time of the first sign-in with it.'),
      }),
      { description: 'Accounts, in the order of the members.' },
    ),
  },
  {
    $id: 'Identities',
    description: 'Accounts of members at OpenID providers.',
    examples: [
      {
        identities: [
          {
            membership: '8d1f2b7c3a55',
            issuer: 'https://sso.example.com',
            subject: '00u1a2b3c4',
            linked_at: '2026-11-23T08:00:00.000Z',
          },
        ],
      },
    ],
  },
);
export type Identities = Static<typeof Identities>;
