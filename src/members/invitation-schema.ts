import { type Static, Type } from 'typebox';
import { closed, open, time } from '../http/schema-parts.ts';
import { MAX_LENGTH } from '../text.ts';

const role = Type.Union([Type.Literal('admin'), Type.Literal('member')], {
  description: 'Role of the member.',
});
const email = Type.String({
  maxLength: MAX_LENGTH.email,
  description: 'Email address of the member.',
});

/** Somebody to be made a member. */
export const NewInvitation = closed(
  {
    invitation: closed(
      { email, role: Type.Optional(role) },
      { description: 'Address and role of the member; `member` is the default role.' },
    ),
  },
  {
    $id: 'NewInvitation',
    description: 'An invitation.',
    examples: [{ invitation: { email: 'bo@example.com', role: 'member' } }],
  },
);
export type NewInvitation = Static<typeof NewInvitation>;

/** A link that signs a member in. */
export const Invitation = closed(
  {
    token: Type.String({ description: 'Token of the membership.' }),
    email,
    role,
    link: Type.String({
      description: 'Signs the member in once. Only in this response.',
    }),
    expires_at: time('Expiration time of the link.'),
  },
  {
    $id: 'Invitation',
    description: 'A member and a sign-in link.',
    examples: [
      {
        token: '8d1f2b7c3a55',
        email: 'bo@example.com',
        role: 'member',
        link: 'https://reports.example.com/sign-in#link=f1d2d2f924e986ac86fdf7b36c94bcdf32beec15f1d2d2f924e986ac86fdf7b3',
        expires_at: '2026-11-24T08:00:00.000Z',
      },
    ],
  },
);
export type Invitation = Static<typeof Invitation>;

/** What is to be changed of a membership. */
export const MembershipChange = open(
  closed(
    {
      membership: closed({ role: Type.Optional(role) }, { description: 'New role.' }),
    },
    {
      $id: 'MembershipChange',
      description: 'Changes to a membership.',
      examples: [{ membership: { role: 'admin' } }],
    },
  ),
);
export type MembershipChange = Static<typeof MembershipChange>;

export const invitationSchemas = [NewInvitation, Invitation, MembershipChange];
