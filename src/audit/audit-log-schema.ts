import { type Static, Type } from 'typebox';
import { closed, orNull, textOrNull, time } from '../http/schema-parts.ts';

const AuditEntry = closed(
  {
    at: time('When.'),
    action: Type.String({ description: 'What was done.' }),
    member: textOrNull('Address of the member who did it; null where it was no member.'),
    credential: textOrNull(
      'Token of the access token or session that it was done with; null with the command line, and where somebody was refused.',
    ),
    address: textOrNull('Network address that it came from; null with the command line.'),
    subject: orNull(
      closed({
        kind: Type.String({ description: 'What kind of thing.' }),
        token: textOrNull('Its token.'),
        name: textOrNull('Its name then.'),
      }),
      'What it was done to.',
    ),
    detail: orNull(
      Type.Object({}, { additionalProperties: true }),
      'More of it; it differs by action.',
    ),
  },
  { description: 'One thing that was done.' },
);

/** A page of the audit log. */
export const AuditLog = closed(
  {
    entries: Type.Array(AuditEntry, { description: 'What was done, the newest first.' }),
    next: textOrNull('Send it as `before` for the next page; null on the last.'),
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
