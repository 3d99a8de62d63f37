import { Type } from 'typebox';

const text = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

const AuditEntry = Type.Object(
  {
    at: Type.String({ format: 'date-time', description: 'When.' }),
    action: Type.String({ description: 'What was done.' }),
    member: text('Address of the member who did it; null where it was no member.'),
    credential: text(
      'Token of the access token or session that it was done with; null with the command line, and where somebody was refused.',
    ),
    address: text('Network address that it came from; null with the command line.'),
    subject: Type.Union(
      [
        Type.Object(
          {
            kind: Type.String({ description: 'What kind of thing.' }),
            token: text('Its token.'),
            name: text('Its name then.'),
          },
          { additionalProperties: false },
        ),
        Type.Null(),
      ],
      { description: 'What it was done to.' },
    ),
    detail: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], {
      description: 'More of it; it differs by action.',
    }),
  },
  { description: 'One thing that was done.', additionalProperties: false },
);

/** A page of the audit log. */
export const AuditLog = Type.Object(
  {
    entries: Type.Array(AuditEntry, { description: 'What was done, the newest first.' }),
    next: text('Send it as `before` for the next page; null on the last.'),
  },
  {
    $id: 'AuditLog',
    description: 'A page of the audit log.',
    additionalProperties: false,
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
