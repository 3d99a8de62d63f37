import { Type } from 'typebox';

/** Options that connections of several kinds are made of. `writeOnly` marks the secret ones: kept sealed, never shown. */

export const host = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[A-Za-z0-9.:_-]+$', // no path, so no socket of this machine either
  description: 'Host name or address of the database server.',
});
export const port = Type.Integer({ minimum: 1, maximum: 65_535 });
export const name = (description: string) =>
  Type.String({ minLength: 1, maxLength: 255, description });
export const password = Type.Optional(
  Type.String({
    maxLength: 1024,
    writeOnly: true,
    description: 'Password. Stored encrypted, and never shown.',
  }),
);
export const ssl = Type.Optional(
  Type.Union([Type.Literal('disable'), Type.Literal('require'), Type.Literal('verify')], {
    default: 'disable',
    description:
      '`disable`: not encrypted; `require`: encrypted; `verify`: encrypted, with a certificate that is valid for the host.',
  }),
);
export const path = (description: string) =>
  Type.String({ minLength: 1, maxLength: 4096, description });
