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
        linked_at: time('When the member first signed in with it.'),
      }),
      { description: 'In the order of the members.' },
    ),
  },
  {
    $id: 'Identities',
    description: 'Accounts at OpenID providers that members are linked to.',
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
