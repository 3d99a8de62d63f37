import { type Static, Type } from 'typebox';
import { closed, orNull, textOrNull, time } from '../http/schema-parts.ts';
import { reference } from '../http/schema-reference.ts';
import { MAX_LENGTH } from '../text.ts';
import { PASSWORD_LENGTH } from './password.ts';

const sessionFields = {
  token: Type.String({ description: 'Identifier of the session; never a secret.' }),
  created_at: time('Creation time.'),
  last_seen_at: time('Time of the last use, to the minute.'),
  expires_at: time('Time when it expires, even if it is used.'),
};

const CurrentSession = closed(
  {
    ...sessionFields,
    organization: closed(
      {
        username: Type.String({ description: 'Identifier in every path.' }),
        name: Type.String({ description: 'Its display name.' }),
      },
      { description: 'Organization of the session.' },
    ),
    member: closed(
      {
        token: Type.String({ description: 'Token of the membership.' }),
        email: Type.String({ description: 'Email address of the member.' }),
        role: Type.Union([Type.Literal('admin'), Type.Literal('member')], {
          description: 'Role of the member.',
        }),
        has_password: Type.Boolean({
          description: 'Whether the member can sign in with a password.',
        }),
      },
      { description: 'The signed-in member.' },
    ),
  },
  { description: 'The session; null if there is none.' },
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
    session: orNull(CurrentSession, 'The session; null if there is none.'),
    methods: Type.Array(Type.Union([Type.Literal('password'), Type.Literal('oidc')]), {
      description:
        'Ways of signing in: `password` and, if a provider is configured, `oidc`, which starts at `/auth/oidc/start`.',
    }),
    read_only: orNull(
      Type.String(),
      'Why nothing can be changed now, in the words of the server’s administrator; null if everything can.',
    ),
  },
  {
    $id: 'SessionState',
    description: 'The current session, and the ways of signing in.',
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
        read_only: null,
      },
      { session: null, methods: ['password', 'oidc'], read_only: null },
    ],
  },
);
export type SessionState = Static<typeof SessionState>;

/** What signs somebody in. */
export const PasswordSignIn = closed(
  {
    email: Type.String({
      maxLength: MAX_LENGTH.email,

      description: 'Email address of the member.',
    }),
    password: Type.String({ maxLength: 1000, description: 'Password of the member.' }),
    organization: Type.Optional(
      Type.String({
        maxLength: 63,
        description: 'Username of the organization, if the email is a member of several.',
      }),
    ),
  },
  {
    $id: 'PasswordSignIn',
    description: 'Credentials of a member.',
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
      description: 'The part of the link after `#link=`.',
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
    description: 'Use of a sign-in link.',
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
      Type.String({ maxLength: 1000, description: 'Current password, if there is one.' }),
    ),
    new_password: Type.String({ maxLength: 1000, description: `New password, ${newPassword}` }),
  },
  {
    $id: 'PasswordChange',
    description: 'A change of password.',
    examples: [
      { current_password: 'lamp walnut harbour nine', new_password: 'seven otters in a canoe' },
    ],
  },
);
export type PasswordChange = Static<typeof PasswordChange>;

const ListedSession = closed(
  {
    ...sessionFields,
    current: Type.Boolean({ description: 'Whether it is the current session.' }),
    user_agent: textOrNull('User agent of the browser.'),
    address: textOrNull('Network address of the browser when it signed in.'),
  },
  {
    $id: 'ListedSession',
    description: 'A session of the current member.',
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
      description: 'Active sessions, last used first.',
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
