import { type Static, Type } from 'typebox';
import { closed, open, time } from '../http/schema-parts.ts';
import { MAX_LENGTH } from '../text.ts';

const role = Type.Union([Type.Literal('admin'), Type.Literal('member')], {
  description: 'What the member may do.',
});
const email = Type.String({ maxLength: MAX_LENGTH.email, description: 'Address of the member.' });

/** Somebody to be made a member. */
export const NewInvitation = closed(
  {
    invitation: closed(
      { email, role: Type.Optional(role) },
      { description: 'Who it is; a `member` where no role is given.' },
    ),
  },
  {
    $id: 'NewInvitation',
    description: 'Somebody to be made a member.',
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
      description: 'Signs the member in, once. It is shown here and never again.',
    }),
    expires_at: time('Until when the link can be used.'),
  },
  {
    $id: 'Invitation',
    description: 'A member, and a link that signs the member in.',
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
      membership: closed({ role: Type.Optional(role) }, { description: 'What it is to be.' }),
    },
    {
      $id: 'MembershipChange',
      description: 'What is to be changed of a membership.',
      examples: [{ membership: { role: 'admin' } }],
    },
  ),
);
export type MembershipChange = Static<typeof MembershipChange>;

export const invitationSchemas = [NewInvitation, Invitation, MembershipChange];
