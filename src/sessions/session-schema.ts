import { type Static, Type } from 'typebox';
import { closed, orNull, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { MAX_LENGTH } from '../text.ts';
import { PASSWORD_LENGTH } from './password.ts';

const sessionFields = {
  token: Type.String({ description: 'What the session is called; never a secret.' }),
  created_at: time('When it began.'),
  last_seen_at: time('When it was last used, to the minute.'),
  expires_at: time('When it ends however much it is used.'),
};

const CurrentSession = closed(
  {
    ...sessionFields,
    organization: closed(
      {
        username: Type.String({ description: 'What stands for it in every path.' }),
        name: Type.String({ description: 'What people call it.' }),
      },
      { description: 'The organization that it opens.' },
    ),
    member: closed(
      {
        token: Type.String({ description: 'Token of the membership.' }),
        email: Type.String({ description: 'Address of the member.' }),
        role: Type.Union([Type.Literal('admin'), Type.Literal('member')], {
          description: 'What the member may do.',
        }),
        has_password: Type.Boolean({
          description: 'Whether the member can sign in by a password.',
        }),
      },
      { description: 'Who is signed in.' },
    ),
  },
  { description: 'The session; null where there is none.' },
);

const exampleSession = {
  token: '3ffcbb7b2c63',
  created_at: '2026-11-23T08:00:00.000Z',
  last_seen_at: '2026-11-23T08:00:00.000Z',
  expires_at: '2027-02-21T08:00:00.000Z',
};

/** Whether somebody is signed in, and how one can be. */
export const SessionState = closed(
  {
    session: orNull(CurrentSession, 'The session; null where there is none.'),
    methods: Type.Array(Type.Union([Type.Literal('password'), Type.Literal('oidc')]), {
      description:
        'How one can sign in: by `password`, and by `oidc`, which begins at `/auth/oidc/start`, where a provider is configured.',
    }),
  },
  {
    $id: 'SessionState',
    description: 'Whether somebody is signed in, and how one can be.',
    examples: [
      {
        session: {
          ...exampleSession,
          organization: { username: 'acme', name: 'Acme Corp' },
          member: {
            token: '5b89bf4b0a49',
            email: 'ana@example.com',
            role: 'admin',
            has_password: true,
          },
        },
        methods: ['password'],
      },
      { session: null, methods: ['password', 'oidc'] },
    ],
  },
);
export type SessionState = Static<typeof SessionState>;

/** What signs somebody in. */
export const PasswordSignIn = closed(
  {
    email: Type.String({
      maxLength: MAX_LENGTH.email,

      description: 'Address of the member.',
    }),
    password: Type.String({ maxLength: 1000, description: 'Password of the member.' }),
    organization: Type.Optional(
      Type.String({
        maxLength: 63,
        description: 'Username of the organization, where the email is a member of several.',
      }),
    ),
  },
  {
    $id: 'PasswordSignIn',
    description: 'What signs a member in.',
    examples: [{ email: 'ana@example.com', password: 'lamp walnut harbour nine' }],
  },
);
export type PasswordSignIn = Static<typeof PasswordSignIn>;

const newPassword = `${PASSWORD_LENGTH.minLength} to ${PASSWORD_LENGTH.maxLength} characters.`;

/** What uses a sign-in link. */
export const LinkSignIn = closed(
  {
    link: Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'What stands in the link after `#link=`.',
    }),
    password: Type.Optional(
      Type.String({
        maxLength: 1000,
        description: `A new password for the member, ${newPassword}`,
      }),
    ),
  },
  {
    $id: 'LinkSignIn',
    description: 'What uses a sign-in link.',
    examples: [
      {
        link: 'f1d2d2f924e986ac86fdf7b36c94bcdf32beec15f1d2d2f924e986ac86fdf7b3',
        password: 'lamp walnut harbour nine',
      },
    ],
  },
);
export type LinkSignIn = Static<typeof LinkSignIn>;

/** What changes a password. */
export const PasswordChange = closed(
  {
    current_password: Type.Optional(
      Type.String({ maxLength: 1000, description: 'The password until now, where there is one.' }),
    ),
    new_password: Type.String({ maxLength: 1000, description: `The new one, ${newPassword}` }),
  },
  {
    $id: 'PasswordChange',
    description: 'What changes a password.',
    examples: [
      { current_password: 'lamp walnut harbour nine', new_password: 'seven otters in a canoe' },
    ],
  },
);
export type PasswordChange = Static<typeof PasswordChange>;

const ListedSession = closed(
  {
    ...sessionFields,
    current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
    user_agent: textOrNull('What the browser calls itself.'),
    address: textOrNull('The network address that it began from.'),
  },
  {
    $id: 'ListedSession',
    description: 'A session of the member who asks.',
    examples: [
      {
        ...exampleSession,
        current: true,
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
        address: '192.0.2.7',
      },
    ],
  },
);

/** The sessions of a member. */
export const ListedSessions = closed(
  {
    sessions: Type.Array(reference(ListedSession), {
      description: 'Those that have not ended, the last used first.',
    }),
  },
  { $id: 'ListedSessions', description: 'The sessions of a member.' },
);
export type ListedSessions = Static<typeof ListedSessions>;

export const sessionSchemas = [
  SessionState,
  PasswordSignIn,
  LinkSignIn,
  PasswordChange,
  ListedSession,
  ListedSessions,
];
