import { type Static, Type } from 'typebox';
import { closed, orNull, textOrNull, time } from '../http/schema-parts.ts';

const AuditEntry = closed(
  {
    at: time('When.'),
    action: Type.String({ description: 'Action.' }),
    member: textOrNull('Email address of the member who acted; null if it was not a member.'),
    credential: textOrNull(
      'Token of the access token or session that was used; null for the command line and for refused sign-ins.',
    ),
    address: textOrNull('Network address of the client; null for the command line.'),
    subject: orNull(
      closed({
        kind: Type.String({ description: 'Kind of the target.' }),
        token: textOrNull('Token of the target.'),
        name: textOrNull('Name of the target at that time.'),
      }),
      'Target of the action.',
    ),
    detail: orNull(
      Type.Object({}, { additionalProperties: true }),
      'Details, which depend on the action.',
    ),
  },
  { description: 'An audited action.' },
);

/** A page of the audit log. */
export const AuditLog = closed(
  {
    entries: Type.Array(AuditEntry, { description: 'Actions, newest first.' }),
    next: textOrNull('Send it as `before` for the next page; null on the last page.'),
  },
  {
    $id: 'AuditLog',
    description: 'A page of the audit log.',
    examples: [
      {
        entries: [
          {
            at: '2026-11-23T08:00:00.000Z',
            action: 'member.role_changed',
            member: 'ana@example.com',
            credential: '3ffcbb7b2c63',
            address: '192.0.2.7',
            subject: { kind: 'member', token: null, name: 'bo@example.com' },
            detail: { from: 'member', to: 'admin' },
          },
        ],
        next: '341',
      },
    ],
  },
);
export type AuditLog = Static<typeof AuditLog>;
